package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings.Timing;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubled from the least to the most, each time anywhere
 * in the upper half of that, so that a site's services do not come back in step. Owned by one
 * thread.
 */
final class Backoff {
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

  long nextMillis() {
    long most = currentMillis;
    currentMillis = Math.min(maxMillis, 2 * currentMillis);
    return random.nextLong(most / 2, most + 1);
  }

  /** A connection held: the next wait is a short one again. */
  void reset() {
    currentMillis = minMillis;
  }
}
