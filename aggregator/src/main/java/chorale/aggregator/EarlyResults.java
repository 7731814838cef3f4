package chorale.aggregator;

import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A bounded buffer of other aggregators' results that arrived before their frame: for at most
 * {@value #MAX} requests, each for a short time. Owned by the aggregator's thread.
 */
final class EarlyResults {
  static final int MAX = 1000;

  /** The same image can arrive several times at once, each time as a separate request. */
  private static final int MAX_EACH = 8;

  private final long keptNanos;
  private final Map<RequestKey, ArrayDeque<Early>> waiting = new LinkedHashMap<>();

  private record Early(Result result, long arrivedNanos) {}

  /**
   * @param keptNanos how long each result is kept
   */
  EarlyResults(long keptNanos) {
    this.keptNanos = keptNanos;
  }

  void add(Result result, long arrivedNanos) {
    ArrayDeque<Early> same =
        waiting.computeIfAbsent(result.requestId(), key -> new ArrayDeque<>(1));
    boolean again = same.stream().anyMatch(each -> each.result().equals(result));
    if (!again && same.size() < MAX_EACH) {
      same.add(new Early(result, arrivedNanos));
    }
    if (waiting.size() > MAX) {
      waiting.remove(waiting.keySet().iterator().next());
    }
  }

  /** Removes and returns the result of a frame that arrives now. */
  Optional<Result> take(RequestKey key, long now) {
    ArrayDeque<Early> same = waiting.getOrDefault(key, new ArrayDeque<>(0));
    same.removeIf(each -> now - each.arrivedNanos() >= keptNanos);
    Optional<Result> first = Optional.ofNullable(same.poll()).map(Early::result);
    if (same.isEmpty()) {
      waiting.remove(key);
    }
    return first;
  }

  void clear() {
    waiting.clear();
  }
}
