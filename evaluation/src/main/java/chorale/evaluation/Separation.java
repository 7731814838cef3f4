package chorale.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * The separation of images of the set's classes (known) from all other images (unknown), by each
 * {@link Certainty}. Shares are 0 to 1. Answers below a threshold are withheld; an answer to an
 * unknown image that is not withheld is a false answer. Immutable.
 *
 * @param known number of known images
 * @param families of the unknown images; lists by family have this order
 * @param measures in the order of {@link Certainty}
 */
public record Separation(int known, List<Family> families, List<Measure> measures) {
  /** Minimum share of known images that {@link Measure#mostKept} keeps. */
  static final double KEPT = .95;

  /** Maximum share of correct answers that {@link Measure#fewLost} withholds. */
  static final double LOST = .02;

  public Separation {
    families = List.copyOf(families);
    measures = List.copyOf(measures);
  }

  /** Returns the number of unknown images. */
  public int unknown() {
    return families.stream().mapToInt(Family::images).sum();
  }

  /** One kind of unknown images. */
  public record Family(String name, int images) {}

  /**
   * The separation by one measure of certainty.
   *
   * @param auroc area under the ROC curve: the probability that a known image has a higher value
   *     than an unknown one; ties count half
   * @param mostKept at the highest threshold that keeps {@link #KEPT} of the known images
   * @param fewLost at the highest threshold that withholds at most {@link #LOST} of the correct
   *     answers
   * @param fewLostEarly at the same threshold as {@code fewLost}, but with votes in random order
   *     and windows that close early by the bound
   * @param coverage for known images: accuracy over the share that is answered
   */
  public record Measure(
      Certainty certainty,
      Shares auroc,
      Cut mostKept,
      Cut fewLost,
      Cut fewLostEarly,
      List<CoveragePoint> coverage) {
    public Measure {
      coverage = List.copyOf(coverage);
    }
  }

  /** A share of all unknown images, and of each family. */
  public record Shares(double all, List<Double> byFamily) {
    public Shares {
      byFamily = List.copyOf(byFamily);
    }
  }

  /**
   * The effect of a threshold.
   *
   * @param answered share of the known images that are answered
   * @param accuracy of these; empty if there are none
   * @param lost share of the correct answers that are withheld
   * @param falseAnswers share of the unknown images that are answered
   */
  public record Cut(
      double threshold,
      double answered,
      Optional<Double> accuracy,
      double lost,
      Shares falseAnswers) {}

  /** The accuracy of the most certain answers, for one share of the known images. */
  public record CoveragePoint(double coverage, double accuracy) {}
}
