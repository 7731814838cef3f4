package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.Message;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusEvent.Delivered;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.util.List;
import java.util.Optional;

/**
 * A client of the broker that publishes and waits for messages, one at a time. One owning thread.
 */
final class BenchClient implements AutoCloseable {
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final Inbox inbox = inbox();
  private final Bus bus;

  private BenchClient(BusFactory buses, Session session) {
    bus = buses.open(session, inbox);
  }

  /** Connects, and returns once its subscriptions are in force. */
  static BenchClient open(BusFactory buses, String name, Subscription... subscriptions)
      throws MeasurementException, InterruptedException {
    Session session = Session.of("chorale-bench-" + name, List.of(subscriptions));
    BenchClient client = new BenchClient(buses, session);
    boolean subscribed = false;
    try {
      await(client.inbox, BusEvent.Subscribed.class);
      subscribed = true;
      return client;
    } finally {
      if (!subscribed) {
        client.close();
      }
    }
  }

  /** An inbox of the size of a client's. */
  static Inbox inbox() {
    return new Inbox(1_000, 64L << 20);
  }

  void publish(Message message) {
    var unused = bus.publish(message);
  }

  /** The next message; empty if none arrives in time. */
  Optional<Delivered> next(long nanos) throws InterruptedException {
    return next(inbox, Delivered.class, nanos);
  }

  Delivered await() throws MeasurementException, InterruptedException {
    return await(inbox, Delivered.class);
  }

  /**
   * The next event of a kind; others are dropped.
   *
   * @throws MeasurementException none arrives within 10 s
   */
  static <T extends BusEvent> T await(Inbox inbox, Class<T> wanted)
      throws MeasurementException, InterruptedException {
    return next(inbox, wanted, PATIENCE_NANOS)
        .orElseThrow(
            () ->
                new MeasurementException(
                    "nothing came within 10 s from the broker: " + wanted.getSimpleName()));
  }

  /** The next event of a kind, if it comes in time; others are dropped. */
  static <T extends BusEvent> Optional<T> next(Inbox inbox, Class<T> wanted, long nanos)
      throws InterruptedException {
    long end = System.nanoTime() + nanos;
    do {
      for (Optional<BusEvent> event = inbox.poll(); event.isPresent(); event = inbox.poll()) {
        if (wanted.isInstance(event.get())) {
          return event.map(wanted::cast);
        }
      }
    } while (inbox.await(end - System.nanoTime()));
    return Optional.empty();
  }

  @Override
  public void close() {
    bus.close();
  }
}
