package chorale.dashboard.web;

import chorale.config.BrokerSettings.ListenerTls;
import chorale.config.DashboardSettings;
import chorale.dashboard.Dashboard;
import chorale.dashboard.SiteMessages;
import chorale.monitoring.http.MetricsAccess;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Judgment;
import chorale.protocol.Message;
import chorale.protocol.Request;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Result;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A dashboard with its web server, on a broker in memory, in real time; the date can be put ahead.
 */
final class LiveSite implements AutoCloseable {
  /** The camera name of images tried on the page. */
  static final String OWN = "wall";

  static final Bytes TOKEN = Bytes.utf8("a token of a test");

  final MemoryBroker broker = new MemoryBroker(System::nanoTime);
  final Dashboard dashboard;
  final WebServer web;
  private final ShiftedClock clock = new ShiftedClock();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean ended;
  private long seq;

  private static final class ShiftedClock extends Clock {
    private final AtomicReference<Duration> shift = new AtomicReference<>(Duration.ZERO);

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(shift.get());
    }
  }

  /** Opens a site without TLS and without users. */
  static LiveSite open() throws IOException {
    return new LiveSite(settings(Optional.empty(), Optional.empty()));
  }

  static DashboardSettings settings(Optional<Path> users, Optional<ListenerTls> tls) {
    return new DashboardSettings(
        OWN, 0, "127.0.0.1", List.of("panel.example.org"), true, users, tls);
  }

  LiveSite(DashboardSettings settings) throws IOException {
    Random random = new Random(1);
    dashboard =
        new Dashboard(
            settings,
            SiteMessages.TOPICS,
            new Dashboard.Dependencies(
                broker.factory(),
                System::nanoTime,
                clock,
                threads,
                random,
                "mqtt://hub.local:1883"));
    web =
        WebServer.start(
            settings,
            SiteMessages.TOPICS.site(),
            dashboard,
            new WebServer.Dependencies(
                threads, threads, System::nanoTime, random, new MetricsAccess(Optional.of(TOKEN))));
    threads.execute(this::loop);
  }

  private void loop() {
    try {
      while (!ended) {
        dashboard.inbox().await(dashboard.runOnce());
      }
    } catch (ServiceEndedException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  String address() {
    return web.address().toString();
  }

  Instant now() {
    return clock.instant();
  }

  void passTime(Duration time) {
    clock.shift.updateAndGet(shift -> shift.plus(time));
    dashboard.inbox().wake();
  }

  /** Waits until the dashboard has handled the queued messages. */
  void settle() throws InterruptedException {
    while (dashboard.inbox().size() > 0) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  void publish(Message message) {
    broker.publish(message);
  }

  void publish(List<Message> messages) {
    messages.forEach(broker::publish);
  }

  /** Publishes a result as an aggregator does. */
  void answer(Result result) {
    publish(SiteMessages.kept(result));
  }

  void answer(String camera) {
    answer(SiteMessages.result(camera, ++seq, now()));
  }

  void frame(String camera, Bytes image) {
    publish(Message.of(SiteMessages.TOPICS.image(camera), image));
  }

  /** Answers images tried on the page, in place of workers and aggregators. */
  void answerTries(Function<RequestKey, Result> answers) {
    Inbox inbox = new Inbox(100, 64L << 20);
    String topic = SiteMessages.TOPICS.image(OWN);
    Bus bus =
        broker.factory().open(Session.of("aggregator", List.of(Subscription.live(topic))), inbox);
    RequestRules rules =
        new RequestRules(SiteMessages.TOPICS, RequestRules.Defaults.STANDARD, List.of());
    threads.execute(
        () -> {
          try (bus) {
            while (!ended) {
              inbox.await(TimeUnit.MILLISECONDS.toNanos(50));
              for (var next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
                if (next.get() instanceof BusEvent.Delivered delivered
                    && rules.judge(new Address.Image(OWN), delivered.message())
                        instanceof Judgment.Accepted<Request> accepted) {
                  answer(answers.apply(accepted.value().key()));
                }
              }
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Override
  public void close() {
    ended = true;
    dashboard.inbox().wake();
    web.close();
    dashboard.close();
    threads.shutdownNow();
  }
}
