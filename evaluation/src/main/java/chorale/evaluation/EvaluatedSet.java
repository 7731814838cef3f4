package chorale.evaluation;

import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.strategy.SideBySide;
import chorale.protocol.Calibration;
import chorale.protocol.Fusion;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model set under evaluation, without its files. Immutable.
 *
 * @param classes names, in order
 * @param calibration of the fused answer of all variants
 * @param variants in the set's order, ids unique
 * @param reference the full network for comparison, if the set has one
 * @param byClass whether each variant classifies only a group of the classes
 */
public record EvaluatedSet(
    String name,
    List<String> classes,
    Calibration calibration,
    List<Network> variants,
    Optional<Network> reference,
    boolean byClass) {
  /** Limit because all subsets are evaluated: 10 variants have 1,023. */
  public static final int MAX_VARIANTS = 10;

  /** Creates a set whose variants answer for all classes. */
  public EvaluatedSet(
      String name,
      List<String> classes,
      Calibration calibration,
      List<Network> variants,
      Optional<Network> reference) {
    this(name, classes, calibration, variants, reference, false);
  }

  public EvaluatedSet {
    classes = List.copyOf(classes);
    variants = List.copyOf(variants);
    if (classes.isEmpty() || variants.isEmpty()) {
      throw new IllegalArgumentException("a set has at least one class and one variant");
    }
    if (new HashSet<>(variants.stream().map(Network::id).toList()).size() < variants.size()) {
      throw new IllegalArgumentException("duplicate variant ids");
    }
  }

  /**
   * @throws EvaluationException if the set has more than {@link #MAX_VARIANTS} variants
   */
  public static EvaluatedSet of(ModelSet set) throws ModelSetException, EvaluationException {
    if (set.variants().size() > MAX_VARIANTS) {
      throw new EvaluationException(
          "%s: %s variants (allowed: at most %s, because all combinations are evaluated)"
              .formatted(set.directory(), set.variants().size(), MAX_VARIANTS));
    }
    List<Network> variants = new ArrayList<>();
    for (VariantManifest manifest : set.variants()) {
      variants.add(Network.of(manifest));
    }
    Optional<Network> reference =
        set.referenceManifest().isPresent()
            ? Optional.of(Network.of(set.referenceManifest().get()))
            : Optional.empty();
    return new EvaluatedSet(
        set.name(), set.classes(), set.calibration(), variants, reference, set.isByClass());
  }

  /** Returns the aggregator's default fusion rule for these variants. */
  FusionRule rule() {
    return byClass ? new SideBySide() : FusionRule.of(Fusion.DEFAULT);
  }

  /** Returns the rules by name, the default first. A set split by class has only one. */
  Map<String, FusionRule> rules() {
    Map<String, FusionRule> rules = new LinkedHashMap<>();
    if (byClass) {
      rules.put(SideBySide.LABEL, rule());
    } else {
      Stream.of(Fusion.values()).forEach(each -> rules.put(each.label(), FusionRule.of(each)));
    }
    return rules;
  }

  /** Returns the variants, then the reference if there is one. */
  public List<Network> networks() {
    List<Network> networks = new ArrayList<>(variants);
    reference.ifPresent(networks::add);
    return networks;
  }
}
