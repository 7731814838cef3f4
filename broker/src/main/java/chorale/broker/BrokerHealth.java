package chorale.broker;

import chorale.protocol.Health;
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
 * Publishes the broker's counters on every site, and logs a line when messages were dropped. Run by
 * one of HiveMQ's threads at a time.
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
    long seconds = (clock.millis() - startedMillis) / 1_000;
    Health health = new Health(clock.instant(), seconds, counters());
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
          "dropped {0} messages in the last {1} s: client ''{2}'' reads too slowly",
          dropped - reported,
          EVERY_SECONDS,
          BrokerLog.shown(shared.counters().slowClient()));
      reported = dropped;
    }
  }

  private SortedMap<String, Long> counters() {
    SortedMap<String, Long> all = new TreeMap<>();
    all.put("dropped", shared.counters().dropped());
    all.put("expired", shared.counters().expired());
    all.put("refused", shared.counters().refused());
    all.put("failed_logins", failed.count());
    all.put("queued_bytes", shared.queues().bytes());
    all.put("retained_bytes", shared.kept().bytes());
    return all;
  }
}
