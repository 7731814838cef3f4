package chorale.aggregator.fusion;

import chorale.protocol.Fusion;
import java.util.List;
import java.util.Set;

/**
 * A way to draw one ranked answer from votes. Rules are stateless and safe for several threads.
 *
 * <p>The same votes give the same answer in every order of arrival: sums are made in double, in the
 * order of variant ids; ties go to the lower class index.
 */
public interface FusionRule {
  /** No variant is missing. */
  double[] NOBODY = {};

  /**
   * Fuses at least one vote, at most one of each variant, all over one class list.
   *
   * @throws IllegalArgumentException for any other votes
   */
  Fused fuse(List<Vote> votes);

  /**
   * Whether it is proven that the winner stays the same whatever those who are missing say: whether
   * all, some or none of them vote, and for which classes; and whatever {@code liars} of those who
   * voted had said instead. Never true by mistake: what cannot be proven within the slack for
   * rounding is not decided. False without votes, true when nobody is missing.
   *
   * @param missingWeights the {@link #weight} of each variant that has not voted
   */
  default boolean decided(List<Vote> votes, double[] missingWeights, int liars) {
    return !votes.isEmpty()
        && (missingWeights.length == 0 || isOutOfReach(votes, missingWeights, liars));
  }

  /**
   * How many of the votes, whichever, could be replaced by anything at all, or by none, and it is
   * proven that the winner stays the same. 0 for a single vote.
   */
  default int withstands(List<Vote> votes) {
    int liars = 0;
    while (liars + 1 < votes.size() && isOutOfReach(votes, NOBODY, liars + 1)) {
      liars++;
    }
    return liars;
  }

  /**
   * The rule's own proof, where at least one has voted: the leader's smallest lead over another
   * class is larger than what the missing and any {@code liars} of the voters can take from it.
   */
  boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars);

  /** Whether votes may count less than others, by what was learned of their workers. */
  default boolean learns() {
    return false;
  }

  /** The rule in which these variants' votes do not count, if it {@link #learns}. */
  default FusionRule without(Set<String> variants) {
    return this;
  }

  /** The rule of that name. A new one gets its constant in {@link Fusion} and its line here. */
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
   * The scale of a variant's vote, {@code inputSize * (alpha / 0.35)^1.15}. The paper divides by
   * the largest of those who take part, which cancels in every ranking and mean.
   */
  static double weight(double alpha, int inputSize) {
    return alpha == 0.35 ? inputSize : inputSize * StrictMath.pow(alpha / 0.35, 1.15);
  }
}
