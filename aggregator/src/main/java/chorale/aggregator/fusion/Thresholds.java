package chorale.aggregator.fusion;

/**
 * The minimum confidence and margin below which an answer is {@code unsure}. Immutable.
 *
 * @param minConfidence calibrated, 0 to 1; 0 is off
 * @param minMargin of the winner over the second class, in the rule's own scores, 0 to 1; 0 is off
 */
public record Thresholds(double minConfidence, double minMargin) {
  public static final Thresholds NONE = new Thresholds(0, 0);

  public Thresholds {
    if (!(minConfidence >= 0 && minConfidence <= 1 && minMargin >= 0 && minMargin <= 1)) {
      throw new IllegalArgumentException(
          "min-confidence %s, min-margin %s (allowed: 0 to 1)".formatted(minConfidence, minMargin));
    }
  }

  /**
   * @param confidence calibrated confidence of the fused answer
   */
  public boolean isUnsure(Fused fused, double confidence) {
    return confidence < minConfidence || fused.margin() < minMargin;
  }
}
