package chorale.aggregator;

import static java.util.stream.Collectors.groupingBy;

import chorale.aggregator.fusion.FusionRule;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Strategy;
import chorale.protocol.WorkerInfo;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The model set of a site: its class list and, for each variant, the width multiplier (alpha) and
 * input size, which determine its weight. Workers that announce other values do not vote. Owned by
 * the aggregator's thread.
 *
 * <p>Without a configured set, the models are learned from the workers' announcements. They follow
 * the majority of the online workers until they are fixed; after that, only new variants are added.
 * Each variant gets the weight that most of its workers announce; on a tie, the lowest.
 *
 * <p>A learned weight of at most {@value #MAX_RATIO} times the median of the other variants is
 * accepted, or {@value #LATER_RATIO} times if all workers of the variant are of a later tier. For
 * comparison: V5 weighs 2.33 times as much as V1, and the reference 7.8 times as much.
 */
final class SiteModels {
  static final int MAX_RATIO = 4;
  static final int LATER_RATIO = 8;

  private final Optional<String> configured;
  private Optional<ClassList> classes = Optional.empty();
  private final Map<String, Scale> scales = new TreeMap<>();
  private boolean fixed;

  /**
   * The class list behind a digest, and the calibration of fused answers. Immutable.
   *
   * @param digest {@link Digests#prefix} of the class names
   */
  record ClassList(long digest, List<String> names, Calibration calibration) {
    ClassList {
      names = List.copyOf(names);
    }
  }

  /** The parameters of a variant's weight, and the classes that it covers; empty for all. */
  private record Scale(double alpha, int inputSize, List<Integer> group) {
    static Scale of(WorkerInfo info) {
      return new Scale(info.author().alpha(), info.author().inputSize(), info.assignment().group());
    }

    double weight() {
      return FusionRule.weight(alpha, inputSize);
    }

    @Override
    public String toString() {
      return "alpha "
          + alpha
          + ", input "
          + inputSize
          + (group.isEmpty() ? "" : ", classes " + group);
    }
  }

  private SiteModels(Optional<String> configured) {
    this.configured = configured;
  }

  static SiteModels learned() {
    return new SiteModels(Optional.empty());
  }

  /** Returns fixed models. Only the fused answer of a set's variants has the set's calibration. */
  static SiteModels configured(ModelSet set, Strategy strategy) {
    SiteModels models = new SiteModels(Optional.of(set.directory().toString()));
    Calibration calibration = strategy.isFused() ? set.calibration() : Calibration.NONE;
    models.classes =
        Optional.of(new ClassList(Digests.prefix(set.classDigest()), set.classes(), calibration));
    Consumer<VariantManifest> add =
        each ->
            models.scales.put(each.id(), new Scale(each.alpha(), each.inputSize(), each.group()));
    set.variants().forEach(add);
    set.referenceManifest().ifPresent(add);
    models.fixed = true;
    return models;
  }

  Optional<ClassList> classes() {
    return classes;
  }

  /** Returns whether the class list is fixed, regardless of joining workers. */
  boolean isFixed() {
    return fixed;
  }

  boolean isConfigured() {
    return configured.isPresent();
  }

  void fix() {
    fixed = true;
  }

  /** Makes the next {@link #learn} replace the models. */
  void forget() {
    fixed = false;
  }

  // ---- learning

  /**
   * @param announced all workers of the site's strategy that have an info
   * @param online those of them that are online
   */
  void learn(List<WorkerInfo> announced, List<WorkerInfo> online) {
    if (isConfigured()) {
      return;
    }
    if (!fixed) {
      classes = elect(online.isEmpty() ? announced : online);
      scales.clear();
    }
    learnScales(online.stream().filter(this::hasSiteClasses).toList());
    learnScales(announced.stream().filter(this::hasSiteClasses).toList());
  }

  /**
   * Elects the class list of most workers; on a tie, that of most variants, then the lowest digest.
   */
  private static Optional<ClassList> elect(List<WorkerInfo> workers) {
    return workers.stream()
        .collect(groupingBy(info -> info.author().classDigest()))
        .entrySet()
        .stream()
        .max(
            Comparator.comparingInt(
                    (Map.Entry<Long, List<WorkerInfo>> each) -> each.getValue().size())
                .thenComparing(each -> variants(each.getValue()))
                .thenComparing(Map.Entry::getKey, (a, b) -> Long.compareUnsigned(b, a)))
        .map(each -> classList(each.getValue()));
  }

  private static long variants(List<WorkerInfo> workers) {
    return workers.stream().map(info -> info.author().variant()).distinct().count();
  }

  private static ClassList classList(List<WorkerInfo> workers) {
    return new ClassList(
        workers.get(0).author().classDigest(),
        workers.get(0).classes(),
        mostCommon(workers.stream().map(WorkerInfo::calibration).toList()));
  }

  /** Returns the most common value; on a tie, the first. */
  private static <T> T mostCommon(List<T> values) {
    Map<T, Integer> counts = new LinkedHashMap<>();
    values.forEach(each -> counts.merge(each, 1, Integer::sum));
    return Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  private void learnScales(List<WorkerInfo> workers) {
    Map<String, Double> weights = weights(workers);
    Map<String, Integer> ratios = ratios(workers);
    scales
        .entrySet()
        .removeIf(
            each ->
                isTooHeavy(
                    each.getKey(),
                    each.getValue().weight(),
                    weights,
                    ratios.getOrDefault(each.getKey(), LATER_RATIO)));
    Map<String, List<Scale>> claims = new TreeMap<>();
    for (WorkerInfo info : workers) {
      String variant = info.author().variant();
      Scale claim = Scale.of(info);
      if (!scales.containsKey(variant)
          && !isTooHeavy(variant, claim.weight(), weights, ratios.get(variant))) {
        claims.computeIfAbsent(variant, id -> new ArrayList<>()).add(claim);
      }
    }
    claims.forEach(
        (variant, claimed) -> {
          if (scales.size() < Window.MAX_VARIANTS) {
            claimed.sort(Comparator.comparingDouble(Scale::weight));
            scales.put(variant, mostCommon(claimed));
          }
        });
  }

  /** Returns the known weight of each variant, otherwise the lowest announced one. */
  private Map<String, Double> weights(List<WorkerInfo> workers) {
    Map<String, Double> weights = new HashMap<>();
    for (WorkerInfo info : workers) {
      weights.merge(info.author().variant(), Scale.of(info).weight(), Math::min);
    }
    scales.forEach((variant, scale) -> weights.put(variant, scale.weight()));
    return weights;
  }

  /** Returns the maximum accepted ratio for each variant. */
  private static Map<String, Integer> ratios(List<WorkerInfo> workers) {
    Map<String, Integer> ratios = new HashMap<>();
    for (WorkerInfo info : workers) {
      int ratio = info.assignment().tier().isFirst() ? MAX_RATIO : LATER_RATIO;
      ratios.merge(info.author().variant(), ratio, Math::min);
    }
    return ratios;
  }

  private static boolean isTooHeavy(
      String variant, double weight, Map<String, Double> weights, int ratio) {
    double[] others =
        weights.entrySet().stream()
            .filter(each -> !each.getKey().equals(variant))
            .mapToDouble(Map.Entry::getValue)
            .sorted()
            .toArray();
    return others.length > 0 && weight > ratio * others[(others.length - 1) / 2];
  }

  // ---- judging

  private boolean hasSiteClasses(WorkerInfo info) {
    return classes.filter(site -> site.digest() == info.author().classDigest()).isPresent();
  }

  /** Returns whether a worker votes with this set. */
  boolean accepts(WorkerInfo info) {
    return hasSiteClasses(info) && Scale.of(info).equals(scales.get(info.author().variant()));
  }

  /** Returns why a worker is not accepted, and what to do. */
  String refusal(WorkerInfo info) {
    return reason(info)
        + "; "
        + configured
            .map(set -> "run it with the models of " + set + ", or change aggregator.models")
            .orElse(
                "run it with the site's models; if its models are the right ones, set"
                    + " aggregator.models to their directory, or restart the aggregators once all"
                    + " workers have them");
  }

  private String reason(WorkerInfo info) {
    String variant = info.author().variant();
    Scale known = scales.get(variant);
    if (!hasSiteClasses(info)) {
      return "its model set %s has %s classes (digest %s), the site's has %s (digest %s)"
          .formatted(
              info.modelSet(),
              info.classes().size(),
              Digests.hex(info.author().classDigest()),
              classes.map(site -> site.names().size()).orElse(0),
              classes.map(site -> Digests.hex(site.digest())).orElse("none"));
    }
    if (known != null) {
      return "its %s has %s, the site's has %s".formatted(variant, Scale.of(info), known);
    }
    if (isConfigured()) {
      return "the site's model set has no %s, only %s"
          .formatted(variant, String.join(", ", scales.keySet()));
    }
    if (scales.size() >= Window.MAX_VARIANTS) {
      return "the site already has " + scales.size() + " variants, the maximum";
    }
    return "its %s would weigh more than %s times the median of the other variants (%s)"
        .formatted(variant, ratios(List.of(info)).get(variant), Scale.of(info));
  }

  /** Returns a summary for the log. */
  @Override
  public String toString() {
    return classes.map(site -> site.names().size() + " classes").orElse("no classes")
        + ", "
        + scales;
  }
}
