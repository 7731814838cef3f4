package chorale.evaluation;

import chorale.protocol.Calibration;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A model set under evaluation, without its files. Immutable.
 *
 * @param classes names, in order
 * @param calibration of the fused answer of all variants
 * @param variants in the set's order, each id once
 * @param reference the full network that they are compared with, where the set has one
 */
public record EvaluatedSet(
    String name,
    List<String> classes,
    Calibration calibration,
    List<Network> variants,
    Optional<Network> reference) {
  /** All subsets are judged, and ten variants have 1,023. */
  public static final int MAX_VARIANTS = 10;

  public EvaluatedSet {
    classes = List.copyOf(classes);
    variants = List.copyOf(variants);
    if (classes.isEmpty() || variants.isEmpty()) {
      throw new IllegalArgumentException("a set has at least one class and one variant");
    }
    if (new HashSet<>(variants.stream().map(Network::id).toList()).size() < variants.size()) {
      throw new IllegalArgumentException("two variants of one id");
    }
  }

  /**
   * @throws EvaluationException more than {@link #MAX_VARIANTS}
   */
  public static EvaluatedSet of(ModelSet set) throws ModelSetException, EvaluationException {
    if (set.variants().size() > MAX_VARIANTS) {
      throw new EvaluationException(
          "%s: %s variants (allowed: at most %s, because all their combinations are judged)"
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
    return new EvaluatedSet(set.name(), set.classes(), set.calibration(), variants, reference);
  }

  /** The variants, and the reference last. */
  public List<Network> networks() {
    List<Network> networks = new ArrayList<>(variants);
    reference.ifPresent(networks::add);
    return networks;
  }
}
