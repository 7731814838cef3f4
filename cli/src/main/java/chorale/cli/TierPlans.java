package chorale.cli;

import chorale.protocol.Escalation;
import chorale.protocol.TierPlan;
import chorale.variants.ModelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Parsing and checks of tier plans in options. Stateless. */
public final class TierPlans {
  private TierPlans() {}

  public static TierPlan parse(String option, String text) throws CommandException {
    try {
      return TierPlan.parse(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.mistake(option + ": " + e.getMessage());
    }
  }

  /**
   * Parses a plan and requires its networks in the set.
   *
   * @param fitted whether the set must hold thresholds for the plan
   */
  public static TierPlan require(String option, String text, ModelSet set, boolean fitted)
      throws CommandException {
    TierPlan plan = parse(option, text);
    List<String> available = new ArrayList<>();
    set.variants().forEach(each -> available.add(each.id()));
    set.referenceManifest().ifPresent(each -> available.add(each.id()));
    List<String> unknown = new ArrayList<>(plan.variants());
    available.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw CommandException.mistake(
          "%s: '%s': no network %s in the set %s (available: %s)"
              .formatted(
                  option,
                  plan.label(),
                  String.join(", ", unknown),
                  set.name(),
                  String.join(", ", available)));
    }
    if (fitted && escalation(set, plan).isEmpty()) {
      throw CommandException.mistake(
          ("%s: the set %s has no thresholds for '%s' (it has: %s); 'chorale evaluate --tiers %s"
                  + " --fit-tiers' chooses them")
              .formatted(option, set.name(), plan.label(), known(set), plan.label()));
    }
    return plan;
  }

  private static String known(ModelSet set) {
    return set.escalations().isEmpty()
        ? "none"
        : set.escalations().stream()
            .map(each -> each.plan().label())
            .collect(Collectors.joining(" "));
  }

  /** Returns the set's thresholds for exactly this plan. */
  public static Optional<Escalation> escalation(ModelSet set, TierPlan plan) {
    return set.escalations().stream().filter(each -> each.plan().equals(plan)).findFirst();
  }
}
