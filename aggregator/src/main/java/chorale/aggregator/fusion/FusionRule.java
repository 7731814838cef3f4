package chorale.aggregator.fusion;

import chorale.protocol.Fusion;
import java.util.List;
import java.util.Set;

/**
 * A rule that fuses votes into one ranked answer. Rules are stateless and thread-safe.
 *
 * <p>The answer does not depend on the order of arrival: sums are computed in double precision in
 * the order of variant ids. Ties go to the lower class index unless a rule says otherwise.
 */
public interface FusionRule {
  /** The weights of missing variants if none is missing. */
  double[] NOBODY = {};

  /**
   * Fuses at least one vote, at most one of each variant, all over the same class list.
   *
   * @throws IllegalArgumentException for any other votes
   */
  Fused fuse(List<Vote> votes);

  /**
   * Returns whether it is proven that the winner stays the same for every possible outcome of the
   * missing votes, even if any {@code liars} voters had sent other votes. Missing variants may vote
   * for any class or not at all. The result is never falsely true: a lead within the rounding slack
   * counts as undecided. False without votes, true if no variant is missing.
   *
   * @param missingWeights the {@link #weight} of each variant that has not voted
   */
  default boolean decided(List<Vote> votes, double[] missingWeights, int liars) {
    return !votes.isEmpty()
        && (missingWeights.length == 0 || isOutOfReach(votes, missingWeights, liars));
  }

  /**
   * Returns how many votes, no matter which, can be replaced or removed while the winner provably
   * stays the same. 0 for a single vote.
   */
  default int withstands(List<Vote> votes) {
    int liars = 0;
    while (liars + 1 < votes.size() && isOutOfReach(votes, NOBODY, liars + 1)) {
      liars++;
    }
    return liars;
  }

  /**
   * Returns the rule's own proof for at least one vote: the leader's smallest lead over another
   * class exceeds what the missing votes and any {@code liars} of the voters can take from it.
   */
  boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars);

  /** Returns whether the rule learns from past votes of workers and may ignore some. */
  default boolean learns() {
    return false;
  }

  /** Returns the rule that ignores these variants' votes, if it {@link #learns}. */
  default FusionRule without(Set<String> variants) {
    return this;
  }

  /**
   * Returns the rule of that name. A new rule needs a constant in {@link Fusion} and a line here.
   */
  static FusionRule of(Fusion fusion) {
    return switch (fusion) {
      case SCALED_SUM -> WeightedSum.SCALED;
      case MEAN -> WeightedSum.MEAN;
      case PRODUCT -> new Product();
      case MAJORITY -> new Majority();
      case RUN_OFF -> new RunOff();
      case TRIMMED -> new TrimmedMean();
      case AGREEMENT -> new Agreement(Set.of());
    };
  }

  /**
   * Returns the weight of a variant's vote, {@code inputSize * (alpha / 0.35)^1.15}. The paper
   * divides by the largest weight of the voters, which does not affect rankings and means.
   */
  static double weight(double alpha, int inputSize) {
    return alpha == 0.35 ? inputSize : inputSize * StrictMath.pow(alpha / 0.35, 1.15);
  }
}
