package chorale.config;

/**
 * The rule for when an aggregator asks the next tier. Immutable.
 *
 * @param value a margin or a share, 0 to 1
 */
public record Escalate(By by, double value) {
  /** The criterion. */
  public enum By {
    /** Never: only the first tier answers. */
    OFF,
    /** The thresholds in the model set. */
    SET,
    /** A margin of the fused scores, equal for all tiers. */
    MARGIN,
    /** The share of frames to ask about: those with the smallest margins. */
    SHARE
  }

  public static final Escalate SET = new Escalate(By.SET, 0);
}
