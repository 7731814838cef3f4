package chorale.evaluation.measurement;

import chorale.protocol.Address;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A byte counter for the messages of a site's cameras. It counts payloads only, and each message
 * once, regardless of its number of receivers. It loads the broker like any subscriber, so do not
 * use it while measuring times. Owns its connection; close it after use. Not thread-safe.
 */
public final class WireWatch implements AutoCloseable {
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final Topics topics;
  private final Inbox inbox = new Inbox(10_000, 256L << 20);
  private final Bus bus;
  private final Map<Kind, Long> bytes = new EnumMap<>(Kind.class);

  /** The role of a message between camera and result. */
  public enum Kind {
    INPUT,
    INTERMEDIATE,
    REPLY,
    RESULT
  }

  public WireWatch(Topics topics, BusFactory buses)
      throws MeasurementException, InterruptedException {
    this.topics = topics;
    this.bus =
        buses.open(
            Session.of(
                "chorale-watch-wire-" + topics.site(),
                List.of(Subscription.live(Topics.ROOT + '/' + topics.site() + "/camera/#"))),
            inbox);
    awaitSubscribed();
  }

  private void awaitSubscribed() throws MeasurementException, InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (end - System.nanoTime() > 0) {
      inbox.await(end - System.nanoTime());
      for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
        if (next.get() instanceof BusEvent.Subscribed) {
          return;
        }
      }
    }
    bus.close();
    throw new MeasurementException("no connection to the broker within 30 s");
  }

  /** Counts the queued messages and those that arrive within this time. */
  public void drain(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    do {
      for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
        if (next.get() instanceof BusEvent.Delivered delivered) {
          kind(topics.parse(delivered.message().topic()))
              .ifPresent(
                  kind ->
                      bytes.merge(kind, (long) delivered.message().payload().size(), Long::sum));
        }
      }
    } while (inbox.await(Math.max(0, end - System.nanoTime())) || end - System.nanoTime() > 0);
  }

  private static Optional<Kind> kind(Address address) {
    if (address instanceof Address.Image) {
      return Optional.of(Kind.INPUT);
    }
    if (address instanceof Address.Tensor) {
      return Optional.of(Kind.INTERMEDIATE);
    }
    if (address instanceof Address.Reply) {
      return Optional.of(Kind.REPLY);
    }
    return address instanceof Address.Result ? Optional.of(Kind.RESULT) : Optional.empty();
  }

  /** Returns the bytes of all messages of this kind so far. */
  public long bytes(Kind kind) {
    return bytes.getOrDefault(kind, 0L);
  }

  @Override
  public void close() {
    bus.close();
  }
}
