package chorale.aggregator.fusion;

import java.util.Arrays;
import java.util.List;

/**
 * The plain mean of the probabilities: every vote weighs the same. The bound and its proof are in
 * {@link WeightedSum}.
 */
final class Mean implements FusionRule {
  @Override
  public Fused fuse(List<Vote> votes) {
    return WeightedSum.fuse(Votes.inOrder(votes), ones(votes.size()));
  }

  @Override
  public boolean decided(List<Vote> votes, double... missingWeights) {
    if (votes.isEmpty() || missingWeights.length == 0) {
      return !votes.isEmpty();
    }
    return WeightedSum.decided(
        Votes.inOrder(votes), ones(votes.size()), ones(missingWeights.length));
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
