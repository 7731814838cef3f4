package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings.Timing;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubled from the least to the most, each time anywhere
 * in the upper half of that, so that a site's services do not come back in step. Short while
 * nothing listens: an attempt then costs the broker nothing, and whoever waits finds it soon after
 * its start. Owned by one thread.
 */
final class Backoff {
  /** The most while nothing listens. */
  static final long NOTHING_LISTENS_MILLIS = 100;

  private final long minMillis;
  private final long maxMillis;
  private final RandomGenerator random;

  private long currentMillis;

  Backoff(Timing timing, RandomGenerator random) {
    this.minMillis = Math.max(1, timing.backoffMin().toMillis());
    this.maxMillis = Math.max(minMillis, timing.backoffMax().toMillis());
    this.random = random;
    this.currentMillis = minMillis;
  }

  /**
   * @param listens whether something took the last attempt
   */
  long nextMillis(boolean listens) {
    long limit = listens ? maxMillis : minMillis;
    long most = Math.min(limit, currentMillis);
    currentMillis = Math.min(limit, 2 * most);
    return random.nextLong(most / 2, most + 1);
  }

  /** A connection held: the next wait is a short one again. */
  void reset() {
    currentMillis = minMillis;
  }
}
