package chorale.evaluation.tiers;

import chorale.protocol.Escalation;
import java.util.List;
import java.util.Optional;

/**
 * The evaluation of one plan of tiers on one collection of images. Shares are 0 to 1. Immutable.
 *
 * @param reached for each tier, the share of the images that reach it
 * @param all result with all variants
 * @param reference accuracy of the set's reference alone
 * @param withoutOne accuracy without one variant, with the same thresholds; empty for a single
 *     variant
 * @param curve results for thresholds of the last tier from 0 to 1; the other thresholds are
 *     unchanged
 */
public record TierEvaluation(
    Escalation escalation,
    List<Double> reached,
    Point all,
    Optional<Double> reference,
    List<WithoutOne> withoutOne,
    List<Point> curve) {
  public TierEvaluation {
    reached = List.copyOf(reached);
    withoutOne = List.copyOf(withoutOne);
    curve = List.copyOf(curve);
  }

  /**
   * The result of one choice of thresholds.
   *
   * @param asked share of the images that reach the last tier
   * @param macsShare mean MACs per image over those of the reference; empty if the latter are
   *     unknown
   */
  public record Point(double asked, double accuracy, Optional<Double> macsShare) {}

  /** The accuracy without one variant. */
  public record WithoutOne(String without, double accuracy) {}
}
