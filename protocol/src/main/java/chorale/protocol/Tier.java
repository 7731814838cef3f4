package chorale.protocol;

import java.util.List;

/**
 * A worker's position in a tier plan. Immutable.
 *
 * @param number from 1; workers of the first tier answer every frame, workers of later tiers only
 *     frames that an aggregator asks about
 * @param escalations of the model set: for each plan, when the next tier is asked
 */
public record Tier(int number, List<Escalation> escalations) {
  public static final Tier FIRST = new Tier(1, List.of());

  public Tier {
    escalations = List.copyOf(escalations);
    if (number < 1 || number > TierPlan.MAX_TIERS) {
      throw new IllegalArgumentException(
          "tier %d (allowed: 1 to %d)".formatted(number, TierPlan.MAX_TIERS));
    }
  }

  public boolean isFirst() {
    return number == 1;
  }
}
