package chorale.protocol;

import java.util.List;

/**
 * The thresholds of a tier plan: the next tier is asked if the margin of the answer of all tiers so
 * far is below the threshold. Immutable.
 *
 * @param thresholds for the margin between the best and the second score, 0 to 1: one for each tier
 *     except the last
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
