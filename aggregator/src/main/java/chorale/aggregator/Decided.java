package chorale.aggregator;

import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A bounded memory of decided requests, except refused ones; the oldest entry is removed first. It
 * provides the result for retries and identifies late replies. After an eviction, a retry is
 * decided again as a new request. Owned by the aggregator's thread.
 */
final class Decided {
  private final int max;
  private final Map<RequestKey, Optional<Result>> results = new LinkedHashMap<>();

  Decided(int max) {
    if (max < 0) {
      throw new IllegalArgumentException("aggregator.remembered: " + max + " (allowed: 0 or more)");
    }
    this.max = max;
  }

  /**
   * @param repeatable the request had correlation data: if it arrives again, it is a retry
   */
  void remember(Result result, boolean repeatable) {
    results.remove(result.requestId());
    results.put(result.requestId(), repeatable ? Optional.of(result) : Optional.empty());
    if (results.size() > max) {
      results.remove(results.keySet().iterator().next());
    }
  }

  boolean contains(RequestKey key) {
    return results.containsKey(key);
  }

  /** Returns the result to repeat for a retry of this request. */
  Optional<Result> repeatable(RequestKey key) {
    return results.getOrDefault(key, Optional.empty());
  }

  int size() {
    return results.size();
  }
}
