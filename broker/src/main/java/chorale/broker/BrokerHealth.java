package chorale.broker;

import chorale.protocol.Health;
import chorale.protocol.ProcessFigures;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import com.hivemq.extension.sdk.api.packets.general.Qos;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A periodic task that publishes the broker's counters to every site and logs dropped messages. Run
 * by one of HiveMQ's threads at a time.
 */
final class BrokerHealth implements Runnable {
  private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());
  private static final int EVERY_SECONDS = 10;

  private final CameraGate.Shared shared;
  private final FailedLogins failed;
  private final Clock clock;
  private final long startedMillis;
  private final StatusCodec codec = new StatusCodec();
  private long reported;

  BrokerHealth(CameraGate.Shared shared, FailedLogins failed, Clock clock) {
    this.shared = shared;
    this.failed = failed;
    this.clock = clock;
    this.startedMillis = clock.millis();
  }

  void schedule() {
    var unused =
        Services.extensionExecutorService()
            .scheduleAtFixedRate(this, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void run() {
    reportDrops();
    Health health = now();
    for (String site : shared.sites().known()) {
      var unused =
          Services.publishService()
              .publish(
                  Builders.publish()
                      .topic(new Topics(site).brokerHealth())
                      .payload(codec.encode(health).buffer())
                      .qos(Qos.AT_LEAST_ONCE)
                      .retain(true)
                      .build());
    }
  }

  private void reportDrops() {
    long dropped = shared.counters().dropped();
    if (dropped > reported) {
      LOG.log(
          Level.WARNING,
          "dropped {0} messages in the last {1} s; the last one for client ''{2}'', which reads too"
              + " slowly",
          dropped - reported,
          EVERY_SECONDS,
          BrokerLog.shown(shared.counters().slowClient()));
      reported = dropped;
    }
  }

  /** Returns the current health; thread-safe. */
  Health now() {
    long seconds = (clock.millis() - startedMillis) / 1_000;
    SortedMap<String, Long> all = new TreeMap<>();
    all.put("dropped", shared.counters().dropped());
    all.put("expired", shared.counters().expired());
    all.put("refused", shared.counters().refused());
    all.put("failed_logins", failed.count());
    all.put("queued_bytes", shared.queues().bytes());
    all.put("retained_bytes", shared.kept().bytes());
    ProcessFigures.addMemory(all);
    return new Health(clock.instant(), seconds, all);
  }
}
