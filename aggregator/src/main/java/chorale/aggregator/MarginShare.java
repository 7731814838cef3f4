package chorale.aggregator;

import java.util.Arrays;

/**
 * A running quantile: the margin below which a given share of the last {@value #WINDOWS} windows
 * lie. Owned by the aggregator's thread.
 */
final class MarginShare {
  static final int WINDOWS = 200;

  private final double share;
  private final double[] margins = new double[WINDOWS];
  private int heard;

  MarginShare(double share) {
    this.share = share;
  }

  /**
   * @param margin above 1 if the window needed no more votes
   */
  void add(double margin) {
    margins[heard % WINDOWS] = margin;
    heard = heard + 1 == 2 * WINDOWS ? WINDOWS : heard + 1;
  }

  /** Returns the threshold; 0 (ask only if there is no vote) until enough windows are known. */
  double threshold() {
    int known = Math.min(heard, WINDOWS);
    int asked = (int) Math.floor(share * known);
    if (asked == 0) {
      return 0;
    }
    double[] sorted = Arrays.copyOf(margins, known);
    Arrays.sort(sorted);
    return Math.min(1, sorted[Math.min(asked, known - 1)]);
  }
}
