package chorale.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The counters of a service since its start, published regularly as a retained message. Immutable.
 *
 * @param counters by name, in lower case with underscores
 */
public record Health(Instant ts, long uptimeSeconds, SortedMap<String, Long> counters) {
  public Health {
    counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
  }
}
