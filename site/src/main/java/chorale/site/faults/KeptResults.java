package chorale.site.faults;

import chorale.protocol.Address;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.Result;
import chorale.protocol.Result.Origin;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.site.faults.History.Kept;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A query of a new subscriber for the retained results. Not thread-safe. */
final class KeptResults implements AutoCloseable {
  /** Waiting time for retained messages, which follow a subscription at once. */
  private static final long FOLLOW_NANOS = Duration.ofSeconds(1).toNanos();

  private final Topics topics;
  private final Inbox inbox = new Inbox(10_000, 64L << 20);
  private final Bus bus;
  private final ResultCodec codec = new ResultCodec();
  private final Map<String, Origin> results = new HashMap<>();
  private final long askedNanos = System.nanoTime();
  private Optional<Long> subscribedNanos = Optional.empty();

  KeptResults(Topics topics, BusFactory buses) {
    this.topics = topics;
    this.bus =
        buses.open(
            Session.of(
                "chorale-watch-kept-" + topics.site(),
                List.of(Subscription.withRetained(topics.resultFilter()))),
            inbox);
  }

  /** Returns the retained results after all have arrived. */
  Optional<Kept> poll() {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      if (next.get() instanceof BusEvent.Subscribed) {
        subscribedNanos = Optional.of(System.nanoTime());
      } else if (next.get() instanceof BusEvent.Delivered delivered
          && delivered.message().retain()) {
        keep(delivered.message());
      }
    }
    return subscribedNanos
        .filter(since -> System.nanoTime() - since >= FOLLOW_NANOS)
        .map(since -> new Kept(results, askedNanos));
  }

  private void keep(Message message) {
    try {
      if (topics.parse(message.topic()) instanceof Address.Result) {
        Result result = codec.decode(message.payload());
        results.put(result.camera(), result.origin());
      }
    } catch (MalformedException e) {
      // Treated as absent; the checker then reports it.
    }
  }

  @Override
  public void close() {
    bus.close();
  }
}
