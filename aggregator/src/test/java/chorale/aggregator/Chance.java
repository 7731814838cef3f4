package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;

import java.util.List;
import java.util.SplittableRandom;

/** Everything that a seed decides. */
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

  /** Nanoseconds, evenly distributed. */
  long between(long from, long to) {
    return from + random.nextLong(to - from + 1);
  }

  /** Nanoseconds, short ones as likely as long ones: evenly distributed by magnitude. */
  long magnitude(long from, long to) {
    return (long) (from * Math.pow((double) to / from, random.nextDouble()));
  }

  /** A broker's time from a message's arrival to its delivery. */
  long delivery() {
    return oneIn(4) ? between(0, 30 * MILLI) : between(0, 3 * MILLI);
  }

  <T> T of(List<T> all) {
    return all.get(below(all.size()));
  }
}
