package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings.Timing;
import java.util.random.RandomGenerator;

/**
 * An exponential backoff with jitter: the limit doubles from the minimum to the maximum, and the
 * wait is random between half the limit and the limit, so that the services of a site do not
 * reconnect in step. While nothing listens on the port, the wait is at most the minimum: attempts
 * then cost the broker nothing, and clients find it soon after its start. One owning thread.
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

  /**
   * @param listens whether a server accepted the last attempt
   */
  long nextMillis(boolean listens) {
    long limit = listens ? maxMillis : minMillis;
    long most = Math.min(limit, currentMillis);
    currentMillis = Math.min(limit, 2 * most);
    return random.nextLong(most / 2, most + 1);
  }

  /** Returns to the shortest wait, after a connection that held. */
  void reset() {
    currentMillis = minMillis;
  }
}
