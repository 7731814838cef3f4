package chorale.bench;

import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The model set of a run, and the ids of its networks. */
record BenchModels(ModelSet set) {
  static BenchModels open(Path models) throws ModelSetException {
    return new BenchModels(ModelSet.load(models));
  }

  /** Returns why variants cannot be compared with a reference network; empty if they can. */
  static Optional<String> lackOfReference(Path models) {
    try {
      return ModelSet.load(models).referenceManifest().isPresent()
          ? Optional.empty()
          : Optional.of("the model set in " + models + " has no reference network");
    } catch (ModelSetException e) {
      return Optional.of(e.getMessage());
    }
  }

  String reference() {
    return set.referenceManifest().orElseThrow().id();
  }

  List<String> variants() {
    return set.ids();
  }

  /** Returns the variant with the largest input. */
  String largest() {
    return variants().get(variants().size() - 1);
  }

  /** Returns the reference, then all variants. */
  List<String> networks() {
    return Stream.concat(Stream.of(reference()), variants().stream()).toList();
  }
}
