package chorale.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * How well each {@link Certainty} separates images of the set's classes (known) from images of
 * anything else (unknown). Shares are 0 to 1. A threshold cuts: an answer below it is withheld, and
 * any other answer to an unknown image is false. Immutable.
 *
 * @param known images
 * @param families of the unknown images, in the order of every list by family
 * @param measures in the order of {@link Certainty}
 */
public record Separation(int known, List<Family> families, List<Measure> measures) {
  /** Known images that {@link Measure#mostKept} keeps, at least. */
  static final double KEPT = .95;

  /** Right answers that {@link Measure#fewLost} withholds, at most. */
  static final double LOST = .02;

  public Separation {
    families = List.copyOf(families);
    measures = List.copyOf(measures);
  }

  /** Unknown images. */
  public int unknown() {
    return families.stream().mapToInt(Family::images).sum();
  }

  /** One kind of unknown images. */
  public record Family(String name, int images) {}

  /**
   * @param auroc area under the ROC curve: the chance that a known image gets a higher value than
   *     an unknown one, where equal values count half
   * @param mostKept at the highest threshold that keeps {@link #KEPT} of the known images
   * @param fewLost at the highest threshold that withholds at most {@link #LOST} of right answers
   * @param fewLostEarly at the threshold of {@code fewLost}, where votes arrive in random order and
   *     the bound closes windows early
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

  /** A share of all unknown images, and the same of each family. */
  public record Shares(double all, List<Double> byFamily) {
    public Shares {
      byFamily = List.copyOf(byFamily);
    }
  }

  /**
   * What a threshold does.
   *
   * @param answered known images that are answered
   * @param accuracy of these; empty where there are none
   * @param lost right answers that are withheld
   * @param falseAnswers unknown images that are answered
   */
  public record Cut(
      double threshold,
      double answered,
      Optional<Double> accuracy,
      double lost,
      Shares falseAnswers) {}

  /** The accuracy of the surest answers, for a share of the known images. */
  public record CoveragePoint(double coverage, double accuracy) {}
}
