package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;

import java.util.List;
import java.util.SplittableRandom;

/** The pseudorandom decisions of a simulation, determined by its seed. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    this.random = new SplittableRandom(seed);
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Returns uniformly distributed nanoseconds. */
  long between(long from, long to) {
    return from + random.nextLong(to - from + 1);
  }

  /** Returns log-uniformly distributed nanoseconds. */
  long magnitude(long from, long to) {
    return (long) (from * Math.pow((double) to / from, random.nextDouble()));
  }

  /** Returns a broker's time from a message's arrival to its delivery. */
  long delivery() {
    return oneIn(4) ? between(0, 30 * MILLI) : between(0, 3 * MILLI);
  }

  <T> T of(List<T> all) {
    return all.get(below(all.size()));
  }
}
