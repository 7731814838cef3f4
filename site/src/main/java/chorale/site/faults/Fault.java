package chorale.site.faults;

import chorale.protocol.Labels;
import java.time.Duration;

/**
 * A planned fault. Immutable.
 *
 * @param stalls whether a cut stalls connections instead of closing them
 * @param eager whether the fault may occur once one other aggregator is able to take over;
 *     otherwise it waits for the whole group
 * @param lasts time until the fault is undone: until the victim resumes or is restarted
 * @param afterFrame time between a frame, which the victim must answer, and the fault
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

  /** The choice of a fault's victim. */
  enum Aim {
    /** The aggregator that owns the camera of the triggering frame. */
    OWNER,
    /** The aggregator next in line for that camera. */
    SHADOW,
    WORKER,
    BROKER,
    /** No process: clients act on the site from outside. */
    SITE;

    boolean isAggregator() {
      return this == OWNER || this == SHADOW;
    }
  }

  /** Returns the delay of a slow link, which increases with the strength. */
  Duration delay() {
    return Duration.ofMillis(between(MIN_DELAY_MILLIS, MAX_DELAY_MILLIS, strength));
  }

  /** Returns the rate of a trickling link, which decreases with the strength. */
  int bytesPerSecond() {
    return (int) between(MIN_BYTES_PER_SECOND, MAX_BYTES_PER_SECOND, 1 - strength);
  }

  /** Interpolates on a logarithmic scale: most values are small, some reach the maximum. */
  static long between(long least, long most, double share) {
    return Math.round(least * Math.pow((double) most / least, share));
  }

  /** Returns the name for reports. */
  String label() {
    return switch (kind) {
      case CUT -> stalls ? "stall" : "cut";
      case DELAY -> "delay by " + delay().toMillis() + " ms";
      case TRICKLE -> "trickle of " + bytesPerSecond() / 1024 + " KiB/s";
      default -> Labels.of(kind);
    };
  }
}
