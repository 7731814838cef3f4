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

/** An MQTT client that publishes messages and waits for them one by one. Owned by one thread. */
final class BenchClient implements AutoCloseable {
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final Inbox inbox = inbox();
  private final Bus bus;

  private BenchClient(BusFactory buses, Session session) {
    bus = buses.open(session, inbox);
  }

  /** Connects, and returns once the broker has acknowledged the subscriptions. */
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

  /** Returns an inbox with the capacity that clients use. */
  static Inbox inbox() {
    return new Inbox(1_000, 64L << 20);
  }

  void publish(Message message) {
    var unused = bus.publish(message);
  }

  /** Returns the next message; empty if none arrives in time. */
  Optional<Delivered> next(long nanos) throws InterruptedException {
    return next(inbox, Delivered.class, nanos);
  }

  Delivered await() throws MeasurementException, InterruptedException {
    return await(inbox, Delivered.class);
  }

  /**
   * Returns the next event of a kind, and drops others.
   *
   * @throws MeasurementException none arrives within 10 s
   */
  static <T extends BusEvent> T await(Inbox inbox, Class<T> wanted)
      throws MeasurementException, InterruptedException {
    return next(inbox, wanted, PATIENCE_NANOS)
        .orElseThrow(
            () ->
                new MeasurementException(
                    "no event from the broker within 10 s: " + wanted.getSimpleName()));
  }

  /** Returns the next event of a kind, if it arrives in time, and drops others. */
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
