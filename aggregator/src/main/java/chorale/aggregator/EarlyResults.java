package chorale.aggregator;

import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Results of other aggregators whose frame has not arrived here: at most {@value #MAX}, each for a
 * short time. Owned by the aggregator's thread.
 */
final class EarlyResults {
  static final int MAX = 1000;

  private final long keptNanos;
  private final Map<RequestKey, Early> waiting = new LinkedHashMap<>();

  private record Early(Result result, long arrivedNanos) {}

  /**
   * @param keptNanos how long each is kept
   */
  EarlyResults(long keptNanos) {
    this.keptNanos = keptNanos;
  }

  void add(Result result, long arrivedNanos) {
    waiting.put(result.requestId(), new Early(result, arrivedNanos));
    if (waiting.size() > MAX) {
      waiting.remove(waiting.keySet().iterator().next());
    }
  }

  /** The result of a frame that arrives now; it waits no longer. */
  Optional<Result> take(RequestKey key, long now) {
    return Optional.ofNullable(waiting.remove(key))
        .filter(early -> now - early.arrivedNanos() < keptNanos)
        .map(Early::result);
  }

  void clear() {
    waiting.clear();
  }
}
