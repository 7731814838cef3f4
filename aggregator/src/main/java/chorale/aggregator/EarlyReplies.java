package chorale.aggregator;

import chorale.protocol.Reply;
import chorale.protocol.RequestKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Replies that came before their frame, or before their worker's info: at most {@value #MAX}, for
 * one second each. Whatever is evicted or too old goes to the consumer. Owned by the aggregator's
 * thread.
 */
final class EarlyReplies {
  static final int MAX = 1000;
  static final long KEPT_NANOS = 1_000_000_000L;

  private final Consumer<RequestKey> expired;
  private final ArrayDeque<Early> waiting = new ArrayDeque<>();

  /** How many wait for each key, so that a frame without any is known at once. */
  private final Map<RequestKey, Integer> counts = new HashMap<>();

  record Early(Reply reply, long arrivedNanos) {}

  /**
   * @param expired gets the key of each reply that no frame or no info came for
   */
  EarlyReplies(Consumer<RequestKey> expired) {
    this.expired = expired;
  }

  void add(Reply reply, long arrivedNanos) {
    if (waiting.size() >= MAX) {
      dropFirst();
    }
    waiting.addLast(new Early(reply, arrivedNanos));
    counts.merge(reply.key(), 1, Integer::sum);
  }

  /** Those of one key that are ready, in their order of arrival; they wait no longer. */
  List<Early> take(RequestKey key, Predicate<Reply> ready) {
    return counts.containsKey(key)
        ? take(reply -> reply.key().equals(key) && ready.test(reply))
        : List.of();
  }

  /** Those that are ready, in their order of arrival; they wait no longer. */
  List<Early> take(Predicate<Reply> ready) {
    List<Early> taken = new ArrayList<>();
    for (Iterator<Early> each = waiting.iterator(); each.hasNext(); ) {
      Early early = each.next();
      if (ready.test(early.reply())) {
        taken.add(early);
        each.remove();
        forget(early.reply().key());
      }
    }
    return taken;
  }

  private void forget(RequestKey key) {
    counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
  }

  void expire(long nowNanos) {
    while (!waiting.isEmpty() && nowNanos - waiting.peekFirst().arrivedNanos() > KEPT_NANOS) {
      dropFirst();
    }
  }

  /** Drops all of them. */
  void clear() {
    while (!waiting.isEmpty()) {
      dropFirst();
    }
  }

  /** When the first of them is due to expire. */
  OptionalLong nextNanos() {
    return waiting.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(waiting.peekFirst().arrivedNanos() + KEPT_NANOS + 1);
  }

  int size() {
    return waiting.size();
  }

  private void dropFirst() {
    RequestKey key = waiting.removeFirst().reply().key();
    forget(key);
    expired.accept(key);
  }
}
