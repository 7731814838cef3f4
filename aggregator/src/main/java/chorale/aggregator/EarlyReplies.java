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
 * A bounded buffer of replies that arrived before their frame or before their worker's info: at
 * most {@value #MAX}, for 1 s each. A callback receives the key of each reply that is evicted or
 * expires. Owned by the aggregator's thread.
 */
final class EarlyReplies {
  static final int MAX = 1000;
  static final long KEPT_NANOS = 1_000_000_000L;

  private final Consumer<RequestKey> expired;
  private final ArrayDeque<Early> waiting = new ArrayDeque<>();

  /** Number of waiting replies by key: most frames have none. */
  private final Map<RequestKey, Integer> counts = new HashMap<>();

  record Early(Reply reply, long arrivedNanos) {}

  /**
   * @param expired receives the key of each reply whose frame or info did not arrive
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

  /** Removes and returns the replies of one key that are ready, in their order of arrival. */
  List<Early> take(RequestKey key, Predicate<Reply> ready) {
    return counts.containsKey(key)
        ? take(reply -> reply.key().equals(key) && ready.test(reply))
        : List.of();
  }

  /** Removes and returns the replies that are ready, in their order of arrival. */
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

  /** Drops all replies. */
  void clear() {
    while (!waiting.isEmpty()) {
      dropFirst();
    }
  }

  /** Returns when the first reply expires. */
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
