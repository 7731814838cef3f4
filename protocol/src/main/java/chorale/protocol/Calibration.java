package chorale.protocol;

import java.util.List;

/**
 * A calibration curve: a monotone, piecewise linear map from the fused mean probability to the
 * measured accuracy, fitted on the validation split of a model set. Constant beyond the first and
 * the last knot; {@link #NONE} is the identity. Immutable.
 *
 * @param fused fused probability of each knot, strictly increasing, 0 to 1
 * @param confidence confidence at each knot, never decreasing, 0 to 1
 */
public record Calibration(List<Double> fused, List<Double> confidence) {
  public static final Calibration NONE = new Calibration(List.of(), List.of());
  public static final int MAX_KNOTS = 64;

  public Calibration {
    fused = List.copyOf(fused);
    confidence = List.copyOf(confidence);
    if (fused.size() != confidence.size() || fused.size() > MAX_KNOTS) {
      throw new IllegalArgumentException(
          "calibration: %s and %s knots (allowed: 0 to 64)"
              .formatted(fused.size(), confidence.size()));
    }
    for (int i = 0; i < fused.size(); i++) {
      if (!(isShare(fused.get(i)) && isShare(confidence.get(i)))) {
        throw new IllegalArgumentException("calibration: knot " + i + " is outside 0..1");
      }
      if (i > 0
          && (fused.get(i) <= fused.get(i - 1) || confidence.get(i) < confidence.get(i - 1))) {
        throw new IllegalArgumentException("calibration: knot " + i + " does not rise");
      }
    }
  }

  public double apply(double score) {
    if (fused.isEmpty()) {
      return score;
    }
    int last = fused.size() - 1;
    if (score <= fused.get(0)) {
      return confidence.get(0);
    }
    if (score >= fused.get(last)) {
      return confidence.get(last);
    }
    int i = 1;
    while (fused.get(i) < score) {
      i++;
    }
    double share = (score - fused.get(i - 1)) / (fused.get(i) - fused.get(i - 1));
    return confidence.get(i - 1) + share * (confidence.get(i) - confidence.get(i - 1));
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }
}
