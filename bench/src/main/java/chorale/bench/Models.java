package chorale.bench;

import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.NativeRuntime;
import chorale.worker.WorkerStartException;
import java.nio.file.Path;
import java.util.Optional;

/** The model set of a run. Stateless. */
final class Models {
  private Models() {}

  /** Also makes ONNX Runtime ready in this process. */
  static ModelSet open(Path models) throws BenchException {
    try {
      NativeRuntime.prepare(NativeRuntime.defaultCache(System.getenv()));
      return ModelSet.load(models);
    } catch (ModelSetException | WorkerStartException e) {
      throw new BenchException(e.getMessage(), e);
    }
  }

  /** For parts that set variants against the reference network. */
  static Optional<String> lackOfReference(Settings settings) {
    try {
      return ModelSet.load(settings.models()).referenceManifest().isPresent()
          ? Optional.empty()
          : Optional.of("the model set in " + settings.models() + " has no reference network");
    } catch (ModelSetException e) {
      return Optional.of(e.getMessage());
    }
  }
}
