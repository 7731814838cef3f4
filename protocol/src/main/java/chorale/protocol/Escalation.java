package chorale.protocol;

import java.util.List;

/**
 * When the next tier of a plan is asked: where the fused answer of all tiers before leads by less
 * than their threshold. Immutable.
 *
 * @param thresholds of the margin between the best and the second score, 0 to 1: one for each tier
 *     but the last
 */
public record Escalation(TierPlan plan, List<Double> thresholds) {
  public Escalation {
    thresholds = List.copyOf(thresholds);
    if (thresholds.size() != plan.tiers().size() - 1) {
      throw new IllegalArgumentException(
          "%d thresholds for %d tiers (allowed: one for each tier but the last)"
              .formatted(thresholds.size(), plan.tiers().size()));
    }
    if (!thresholds.stream().allMatch(each -> each >= 0 && each <= 1)) {
      throw new IllegalArgumentException("thresholds " + thresholds + " (allowed: 0 to 1)");
    }
  }
}
