package chorale.evaluation.tiers;

import chorale.protocol.Escalation;
import java.util.List;
import java.util.Optional;

/**
 * One plan of tiers on one collection of images. Shares are 0 to 1. Immutable.
 *
 * @param reached for each tier, the share of the images that it is asked about
 * @param all with every variant there
 * @param reference accuracy of the set's reference alone
 * @param withoutOne with one variant lost, and the same thresholds; empty for a single variant
 * @param curve other thresholds of the last tier, from 0 to 1; those before it as they are
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
   * What thresholds give.
   *
   * @param asked share of the images that reach the last tier
   * @param macsShare mean MACs of an image over those of the reference; empty where these are
   *     unknown
   */
  public record Point(double asked, double accuracy, Optional<Double> macsShare) {}

  /** The accuracy without one variant. */
  public record WithoutOne(String without, double accuracy) {}
}
