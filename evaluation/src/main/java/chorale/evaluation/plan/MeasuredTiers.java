package chorale.evaluation.plan;

import chorale.evaluation.EvaluationException;
import chorale.protocol.TierPlan;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The measurements of a plan of tiers, with the costs of its networks. Shares are 0 to 1.
 * Immutable.
 *
 * @param networks in the order of the plan's variants
 * @param reached for each tier, the share of the images that reach it
 * @param without accuracy without one network, by its id
 */
public record MeasuredTiers(
    TierPlan plan,
    List<MeasuredSet.Variant> networks,
    double accuracy,
    List<Double> reached,
    Map<String, Double> without) {
  public MeasuredTiers {
    networks = List.copyOf(networks);
    reached = List.copyOf(reached);
    without = Map.copyOf(without);
  }

  /**
   * Reads the output of {@code chorale evaluate --tiers --json}.
   *
   * @param wanted one plan; empty for all plans in the file
   * @throws EvaluationException names the file and the missing part
   */
  public static List<MeasuredTiers> read(Path file, Optional<TierPlan> wanted)
      throws EvaluationException {
    return parse(file.toString(), MeasuredSet.content(file), wanted);
  }

  static List<MeasuredTiers> parse(String file, String text, Optional<TierPlan> wanted)
      throws EvaluationException {
    JsonNode json = MeasuredSet.tree(file, text);
    Map<String, MeasuredSet.Variant> networks = new HashMap<>();
    for (JsonNode node : json.path("variants")) {
      MeasuredSet.Variant variant = MeasuredSet.variant(file, node);
      networks.put(variant.id(), variant);
    }
    if (json.path("reference").isObject()) {
      MeasuredSet.Variant reference = MeasuredSet.variant(file, json.path("reference"));
      networks.put(reference.id(), reference);
    }
    List<MeasuredTiers> found = new ArrayList<>();
    for (JsonNode node : json.path("tiers")) {
      MeasuredTiers tiers = parse(file, node, networks);
      if (wanted.isEmpty() || wanted.get().equals(tiers.plan())) {
        found.add(tiers);
      }
    }
    if (found.isEmpty()) {
      String plan = wanted.map(each -> ' ' + each.label()).orElse("");
      throw new EvaluationException(
          "%s: no tiers%s (create it with 'chorale evaluate --tiers%s --json FILE')"
              .formatted(file, plan, plan));
    }
    return found;
  }

  private static MeasuredTiers parse(
      String file, JsonNode node, Map<String, MeasuredSet.Variant> networks)
      throws EvaluationException {
    TierPlan plan;
    try {
      plan = TierPlan.parse(node.path("plan").asText());
    } catch (IllegalArgumentException e) {
      throw new EvaluationException(file + ": tiers: " + e.getMessage());
    }
    List<MeasuredSet.Variant> own = new ArrayList<>();
    for (String id : plan.variants()) {
      if (!networks.containsKey(id)) {
        throw new EvaluationException(
            "%s: tiers %s: '%s' is not one of the evaluated networks"
                .formatted(file, plan.label(), id));
      }
      own.add(networks.get(id));
    }
    List<Double> reached = new ArrayList<>();
    node.path("reached").forEach(each -> reached.add(each.asDouble()));
    if (reached.size() != plan.tiers().size()) {
      throw new EvaluationException(
          "%s: tiers %s: 'reached' has %s shares (needed: one for each tier)"
              .formatted(file, plan.label(), reached.size()));
    }
    Map<String, Double> without = new HashMap<>();
    for (JsonNode each : node.path("without")) {
      without.put(each.path("without").asText(), MeasuredSet.number(file, each, "accuracy"));
    }
    return new MeasuredTiers(
        plan, own, MeasuredSet.number(file, node, "accuracy"), reached, without);
  }

  /** Returns the tier of a network, from 0. */
  int tier(int network) {
    int tier = 0;
    int last = plan.tiers().get(0).size();
    while (network >= last) {
      tier++;
      last += plan.tiers().get(tier).size();
    }
    return tier;
  }
}
