package chorale.aggregator;

import chorale.aggregator.Roster.VariantEntry;
import chorale.protocol.Escalation;
import chorale.protocol.TierPlan;
import chorale.protocol.WorkerInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tiers of the current roster. Immutable.
 *
 * @param numbers of the tiers that have workers, ascending
 * @param plan variants by tier, such as {@code V1,V2/reference}
 * @param thresholds of the smallest plan in the model set that includes this one: some boards of
 *     that plan may be missing
 */
record SiteTiers(List<Integer> numbers, String plan, Optional<List<Double>> thresholds) {
  static final SiteTiers NONE = new SiteTiers(List.of(), "", Optional.empty());

  static SiteTiers of(List<VariantEntry> entries, List<WorkerInfo> workers) {
    TreeMap<Integer, Set<String>> byTier = new TreeMap<>();
    for (VariantEntry entry : entries) {
      byTier.computeIfAbsent(entry.tier(), any -> new HashSet<>()).add(entry.variant());
    }
    List<Set<String>> tiers = new ArrayList<>(byTier.values());
    Optional<List<Double>> thresholds =
        workers.stream()
            .flatMap(each -> each.assignment().tier().escalations().stream())
            .filter(each -> holds(each.plan(), tiers))
            .min(Comparator.comparingInt(each -> each.plan().variants().size()))
            .map(Escalation::thresholds);
    String plan =
        tiers.stream()
            .map(tier -> tier.stream().sorted().collect(Collectors.joining(",")))
            .collect(Collectors.joining("/"));
    return new SiteTiers(List.copyOf(byTier.keySet()), plan, thresholds);
  }

  private static boolean holds(TierPlan plan, List<Set<String>> tiers) {
    boolean holds = plan.tiers().size() == tiers.size();
    for (int i = 0; holds && i < tiers.size(); i++) {
      holds = plan.tiers().get(i).containsAll(tiers.get(i));
    }
    return holds;
  }

  /** Whether there is a tier that has to be asked. */
  boolean haveLater() {
    return numbers.stream().anyMatch(each -> each > 1);
  }
}
