package chorale.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A service's counters since its start, published now and then, retained. Immutable.
 *
 * @param counters by name, in lower case with underscores
 */
public record Health(Instant ts, long uptimeSeconds, SortedMap<String, Long> counters) {
  public Health {
    counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
  }
}
