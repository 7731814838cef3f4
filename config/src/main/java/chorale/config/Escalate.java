package chorale.config;

/**
 * When an aggregator asks the next tier about a frame. Immutable.
 *
 * @param value of a margin or a share, 0 to 1
 */
public record Escalate(By by, double value) {
  /** What decides it. */
  public enum By {
    /** Nothing: the first tier alone answers. */
    OFF,
    /** The thresholds that came with the model set. */
    SET,
    /** A margin of the fused scores, the same for each tier. */
    MARGIN,
    /** The share of the frames that may be asked about, those with the smallest margins. */
    SHARE
  }

  public static final Escalate SET = new Escalate(By.SET, 0);
}
