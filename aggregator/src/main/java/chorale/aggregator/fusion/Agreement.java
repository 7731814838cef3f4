package chorale.aggregator.fusion;

import java.util.List;
import java.util.Set;

/**
 * The weighted sum over the voters that agree often enough with the others ({@link
 * chorale.aggregator.trust.Agreements}), or over all voters if none does. The weight of a vote is
 * its variant's weight to the power 0.75. Of five variants of the paper, any three then outweigh
 * the other two, and the accuracy is about the same as with full weights. Immutable.
 *
 * <p><b>The bound</b> and <b>liars</b> are those of {@link WeightedSum} over the same voters. A
 * missing variant counts as one that agrees, since another of its workers may vote.
 *
 * @param outvoted variants whose votes do not count
 */
record Agreement(Set<String> outvoted) implements FusionRule {
  private static final WeightedSum SUM =
      new WeightedSum(weight -> Math.sqrt(weight * Math.sqrt(weight)));

  Agreement {
    outvoted = Set.copyOf(outvoted);
  }

  @Override
  public boolean learns() {
    return true;
  }

  @Override
  public FusionRule without(Set<String> variants) {
    return variants.equals(outvoted) ? this : new Agreement(variants);
  }

  @Override
  public Fused fuse(List<Vote> votes) {
    List<Vote> counted = counted(votes);
    return SUM.fuse(counted.isEmpty() ? votes : counted);
  }

  @Override
  public boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars) {
    List<Vote> counted = counted(votes);
    return !counted.isEmpty() && SUM.isOutOfReach(counted, missingWeights, liars);
  }

  private List<Vote> counted(List<Vote> votes) {
    return outvoted.isEmpty()
        ? votes
        : votes.stream().filter(vote -> !outvoted.contains(vote.variant())).toList();
  }
}
