package chorale.aggregator;

import chorale.config.Escalate;
import chorale.protocol.Assignment;
import chorale.protocol.Escalation;
import chorale.protocol.Stage;
import chorale.protocol.Strategy;
import chorale.protocol.Tier;
import chorale.protocol.TierPlan;
import java.util.List;

/**
 * The tiers of a {@link ModelSite}. Immutable.
 *
 * @param plan variants by tier, from the first
 * @param escalate when the aggregators ask the next tier
 * @param keptBytes size of the frame buffer of a board of a later tier
 */
record ModelTiers(TierPlan plan, Escalate escalate, long keptBytes) {
  private static final double MARGIN = .4;

  /** No board runs V4. */
  private static final List<String> PLANS =
      List.of("V1,V2/V3", "V1/V2,V3", "V1/V2/V3", "V4/V1/V2,V3");

  private static final List<Escalate> ESCALATES =
      List.of(
          Escalate.SET,
          new Escalate(Escalate.By.MARGIN, MARGIN),
          new Escalate(Escalate.By.SHARE, .5));

  /** Room for about three frames, or for all. */
  private static final List<Long> KEPT = List.of(25L, 1L << 20);

  static ModelTiers any(Chance chance) {
    return new ModelTiers(TierPlan.parse(chance.of(PLANS)), chance.of(ESCALATES), chance.of(KEPT));
  }

  int of(String variant) {
    int tier = 1;
    while (!plan.tiers().get(tier - 1).contains(variant)) {
      tier++;
    }
    return tier;
  }

  /** Every board's model set has thresholds for all plans. */
  Assignment assignment(String variant) {
    Tier tier = new Tier(of(variant), PLANS.stream().map(ModelTiers::escalation).toList());
    return new Assignment(Strategy.VARIANT, Stage.WHOLE, false, List.of(), tier);
  }

  private static Escalation escalation(String text) {
    TierPlan plan = TierPlan.parse(text);
    return new Escalation(plan, plan.tiers().stream().skip(1).map(any -> MARGIN).toList());
  }

  /** Returns whether the aggregators must not ask the next tier at this margin. */
  boolean isSure(double margin) {
    return escalate.by() == Escalate.By.SHARE || margin >= MARGIN - 1e-4;
  }
}
