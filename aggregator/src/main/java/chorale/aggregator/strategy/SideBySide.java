package chorale.aggregator.strategy;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fusion rule of class parallelism: the variants cover different classes, their votes are
 * joined, and the largest probability wins. There is no bound: a missing group may still return a
 * probability of 1. Stateless.
 *
 * <p>Source: Wang et al., sensAI: ConvNets Decomposition via Class Parallelism for Fast Inference
 * on Live Data, MLSys 2021, section 3.3.
 */
public final class SideBySide implements FusionRule {
  /** The name of this rule in results. */
  public static final String LABEL = "side-by-side";

  @Override
  public Fused fuse(List<Vote> votes) {
    Map<Integer, Double> largest = new HashMap<>();
    for (Vote vote : votes) {
      vote.ranked().forEach(each -> largest.merge(each.index(), each.probability(), Math::max));
    }
    List<Fused.Scored> ranked = new ArrayList<>();
    largest.forEach((index, probability) -> ranked.add(new Fused.Scored(index, probability)));
    ranked.sort(
        Comparator.comparingDouble(Fused.Scored::score)
            .reversed()
            .thenComparingInt(Fused.Scored::index));
    return new Fused(ranked, ranked.get(0).score());
  }

  @Override
  public boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars) {
    return false;
  }
}
