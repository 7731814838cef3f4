package chorale.aggregator;

import chorale.protocol.Labels;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The aggregator's counters. Owned by its thread.
 *
 * <p>The counters of replies balance: each reply is counted once as received, and once by its
 * outcome. Until then, it waits for its frame or its worker's info. A reply with several defects is
 * counted by the first check that it fails. The counters of frames balance likewise, and the number
 * of opened windows is that of closed plus open ones.
 */
final class Counters {
  private final Map<Counter, Count> counts = new EnumMap<>(Counter.class);

  private static final class Count {
    private long value;
  }

  Counters() {
    for (Counter counter : Counter.values()) {
      counts.put(counter, new Count());
    }
  }

  void add(Counter counter) {
    counts.get(counter).value++;
  }

  long get(Counter counter) {
    return counts.get(counter).value;
  }

  SortedMap<String, Long> snapshot() {
    SortedMap<String, Long> snapshot = new TreeMap<>();
    counts.forEach((counter, count) -> snapshot.put(Labels.of(counter), count.value));
    return snapshot;
  }
}
