package chorale.protocol;

import java.util.List;

/**
 * A worker's place in a plan of tiers. Immutable.
 *
 * @param number from 1; workers of the first tier answer every frame, the others those that they
 *     are asked about
 * @param escalations of its model set: when the next tier is asked, by plan
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
