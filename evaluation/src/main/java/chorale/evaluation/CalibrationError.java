package chorale.evaluation;

/**
 * A calculator of the expected calibration error: the gap between the confidence of answers and
 * their accuracy. Answers are put into 15 bins of equal width by confidence; bin m holds ((m-1)/15,
 * m/15], and 0 is in the first. The error is the mean over the bins of |accuracy - mean
 * confidence|, weighted by the number of answers. Source: Guo et al., On Calibration of Modern
 * Neural Networks, ICML 2017, section 2. Not thread-safe.
 */
final class CalibrationError {
  static final int BINS = 15;

  private final double[] confidences = new double[BINS];
  private final int[] right = new int[BINS];
  private int answers;

  /**
   * @param confidence 0 to 1
   */
  void add(double confidence, boolean isRight) {
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("confidence " + confidence + " is outside 0..1");
    }
    int bin = Math.max(0, (int) Math.ceil(confidence * BINS) - 1);
    confidences[bin] += confidence;
    right[bin] += isRight ? 1 : 0;
    answers++;
  }

  /** Returns the error, 0 to 1; 0 without answers. */
  double value() {
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      // |right/n - sum/n| * n/answers, where n cancels
      error += Math.abs(right[bin] - confidences[bin]);
    }
    return answers == 0 ? 0 : error / answers;
  }
}
