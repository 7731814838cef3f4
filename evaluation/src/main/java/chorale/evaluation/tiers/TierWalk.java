package chorale.evaluation.tiers;

import chorale.aggregator.fusion.Fused;
import java.util.List;

/**
 * The answers of a plan of tiers, image by image. Shares are 0 to 1. Immutable.
 *
 * @param answers by image
 * @param reached for each tier, the share of the images that reach it
 * @param macs of all networks of the reached tiers, mean over the images
 */
public record TierWalk(List<Fused> answers, double accuracy, List<Double> reached, double macs) {
  public TierWalk {
    answers = List.copyOf(answers);
    reached = List.copyOf(reached);
  }
}
