package chorale.aggregator.fusion;

import java.util.List;

/**
 * The paper's merge: each vote scaled by its variant's weight, the scaled votes added, the largest
 * sum wins (Asadi and Goudarzi, Variant Parallelism, IEEE Internet of Things Journal 11(1), 2024,
 * arXiv 2210.08376). A score is the sum divided by the weights of those who voted, which is a mean
 * probability. The bound and its proof are in {@link WeightedSum}.
 */
final class ScaledSum implements FusionRule {
  @Override
  public Fused fuse(List<Vote> votes) {
    List<Vote> ordered = Votes.inOrder(votes);
    return WeightedSum.fuse(ordered, weights(ordered));
  }

  @Override
  public boolean decided(List<Vote> votes, double... missingWeights) {
    if (votes.isEmpty() || missingWeights.length == 0) {
      return !votes.isEmpty();
    }
    List<Vote> ordered = Votes.inOrder(votes);
    return WeightedSum.decided(ordered, weights(ordered), missingWeights);
  }

  private static double[] weights(List<Vote> votes) {
    double[] weights = new double[votes.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = votes.get(i).weight();
    }
    return weights;
  }
}
