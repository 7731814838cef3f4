package chorale.evaluation.tiers;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.evaluation.EvaluatedSet;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Network;
import chorale.evaluation.Outputs;
import chorale.protocol.Fusion;
import chorale.protocol.TierPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of the answer after each tier of a plan, for each image. An answer is fused from the
 * votes of this tier and all tiers before it. Votes of a tier arrive in the order of their
 * networks' MACs. As on a site, the bound can close a tier before all its votes have arrived.
 * Immutable.
 */
final class TierTable {
  private static final FusionRule RULE = FusionRule.of(Fusion.DEFAULT);

  private final Outputs outputs;
  private final List<List<Integer>> tiers;
  private final List<List<Stop>> byImage = new ArrayList<>();

  /**
   * The state of an image after a tier.
   *
   * @param fused empty without votes
   * @param margin of the fused answer; infinite if the bound decided it
   */
  private record Stop(Optional<Fused> fused, double margin) {}

  /**
   * The result for one choice of thresholds.
   *
   * @param accuracy share of correct answers
   * @param reached for each tier, the share of the images that reach it
   * @param macs of all networks of the reached tiers, mean over the images
   */
  record Outcome(double accuracy, List<Double> reached, double macs) {}

  /**
   * @param lost variants that never vote
   * @throws EvaluationException if the set lacks a variant of the plan
   */
  TierTable(Outputs outputs, TierPlan plan, Set<String> lost) throws EvaluationException {
    this.outputs = outputs;
    this.tiers = tiers(outputs.set(), plan, lost);
    for (int image = 0; image < outputs.images(); image++) {
      byImage.add(stops(image));
    }
  }

  private static List<List<Integer>> tiers(EvaluatedSet set, TierPlan plan, Set<String> lost)
      throws EvaluationException {
    List<String> ids = set.networks().stream().map(Network::id).toList();
    List<List<Integer>> tiers = new ArrayList<>();
    for (List<String> tier : plan.tiers()) {
      for (String id : tier) {
        if (!ids.contains(id)) {
          throw new EvaluationException(
              "%s: no network '%s' in the set %s (allowed: %s)"
                  .formatted(plan.label(), id, set.name(), String.join(", ", ids)));
        }
      }
      tiers.add(
          tier.stream()
              .filter(id -> !lost.contains(id))
              .map(ids::indexOf)
              .sorted(Comparator.comparingLong(each -> set.networks().get(each).cost().macs()))
              .collect(Collectors.toList()));
    }
    return tiers;
  }

  private List<Stop> stops(int image) {
    List<Stop> stops = new ArrayList<>();
    List<Vote> votes = new ArrayList<>();
    for (List<Integer> tier : tiers) {
      stops.add(stop(image, tier, votes));
    }
    return stops;
  }

  /** A tier without remaining variants adds no votes; the next tier is asked. */
  private Stop stop(int image, List<Integer> tier, List<Vote> votes) {
    if (tier.isEmpty()) {
      return new Stop(votes.isEmpty() ? Optional.empty() : Optional.of(RULE.fuse(votes)), -1);
    }
    for (int i = 0; i < tier.size(); i++) {
      votes.add(outputs.vote(tier.get(i), image, Evaluator.K));
      if (i + 1 < tier.size()
          && RULE.decided(votes, weights(tier.subList(i + 1, tier.size())), 0)) {
        return new Stop(Optional.of(RULE.fuse(votes)), Double.POSITIVE_INFINITY);
      }
    }
    Fused fused = RULE.fuse(votes);
    return new Stop(Optional.of(fused), fused.margin());
  }

  private double[] weights(List<Integer> networks) {
    return networks.stream()
        .map(this::network)
        .mapToDouble(each -> FusionRule.weight(each.alpha(), each.inputSize()))
        .toArray();
  }

  private Network network(int index) {
    return outputs.set().networks().get(index);
  }

  /** Returns the margins after a tier, sorted, without images decided by the bound. */
  double[] margins(int tier) {
    return byImage.stream()
        .mapToDouble(stops -> stops.get(tier).margin())
        .filter(margin -> margin >= 0 && margin <= 1)
        .sorted()
        .toArray();
  }

  /** Returns the last tier that an image reaches. */
  private int last(int image, List<Double> thresholds) {
    List<Stop> stops = byImage.get(image);
    int tier = 0;
    while (tier + 1 < tiers.size() && stops.get(tier).margin() < thresholds.get(tier)) {
      tier++;
    }
    return tier;
  }

  /** Returns the answer to each image; at least one variant must vote. */
  List<Fused> fused(List<Double> thresholds) {
    return IntStream.range(0, byImage.size())
        .mapToObj(image -> byImage.get(image).get(last(image, thresholds)).fused().orElseThrow())
        .toList();
  }

  Outcome outcome(List<Double> thresholds) {
    int[] reached = new int[tiers.size()];
    int right = 0;
    for (int image = 0; image < byImage.size(); image++) {
      int last = last(image, thresholds);
      for (int tier = 0; tier <= last; tier++) {
        reached[tier]++;
      }
      int label = outputs.label(image);
      right +=
          byImage.get(image).get(last).fused().filter(each -> each.winner() == label).isPresent()
              ? 1
              : 0;
    }
    List<Double> shares = new ArrayList<>();
    double macs = 0;
    for (int tier = 0; tier < reached.length; tier++) {
      double share = (double) reached[tier] / byImage.size();
      shares.add(share);
      macs += share * tiers.get(tier).stream().mapToLong(each -> network(each).cost().macs()).sum();
    }
    return new Outcome((double) right / byImage.size(), shares, macs);
  }
}
