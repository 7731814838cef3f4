package chorale.site.faults;

import chorale.protocol.Labels;
import java.time.Duration;

/**
 * One fault as it is planned. Immutable.
 *
 * @param stalls a cut holds bytes back and closes nothing
 * @param eager it does not wait until the whole group is ready, only until another member is
 * @param lasts until the victim goes on, or is started again
 * @param afterFrame from a frame that the victim has to answer to the fault
 * @param strength of a slow link, from 0 to 1
 */
record Fault(
    FaultKind kind,
    Aim aim,
    boolean stalls,
    boolean eager,
    Duration lasts,
    Duration afterFrame,
    double strength) {
  private static final int MIN_DELAY_MILLIS = 20;
  private static final int MAX_DELAY_MILLIS = 1_500;
  private static final int MIN_BYTES_PER_SECOND = 4 * 1024;
  private static final int MAX_BYTES_PER_SECOND = 256 * 1024;

  /** Whom it hits. */
  enum Aim {
    /** The aggregator that owns the camera whose frame it is timed by. */
    OWNER,
    /** The aggregator that comes next for that camera. */
    SHADOW,
    WORKER,
    BROKER,
    /** No process of the site: others do something to it. */
    SITE;

    boolean isAggregator() {
      return this == OWNER || this == SHADOW;
    }
  }

  /** Of a link that delays: the longer the stronger. */
  Duration delay() {
    return Duration.ofMillis(between(MIN_DELAY_MILLIS, MAX_DELAY_MILLIS, strength));
  }

  /** Of a link that trickles: the fewer the stronger. */
  int bytesPerSecond() {
    return (int) between(MIN_BYTES_PER_SECOND, MAX_BYTES_PER_SECOND, 1 - strength);
  }

  /** Spread evenly over the logarithm: most are small, some reach the most. */
  static long between(long least, long most, double share) {
    return Math.round(least * Math.pow((double) most / least, share));
  }

  /** For people. */
  String label() {
    return switch (kind) {
      case CUT -> stalls ? "stall" : "cut";
      case DELAY -> "delay by " + delay().toMillis() + " ms";
      case TRICKLE -> "trickle of " + bytesPerSecond() / 1024 + " KiB/s";
      default -> Labels.of(kind);
    };
  }
}
