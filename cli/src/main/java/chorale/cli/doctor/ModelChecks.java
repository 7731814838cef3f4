package chorale.cli.doctor;

import chorale.cli.Terminal;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import chorale.worker.Classifier;
import chorale.worker.NativeRuntime;
import chorale.worker.WorkerStartException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks of the model set, and of inference with it on this machine. Stateless. */
final class ModelChecks {
  private static final Classifier.Settings ONE_THREAD = new Classifier.Settings(1, 1 << 24);

  private ModelChecks() {}

  static List<Finding> look(Path models, Map<String, String> environment) {
    List<Finding> findings = new ArrayList<>();
    try {
      ModelSet set = ModelSet.load(models);
      for (VariantManifest variant : set.variants()) {
        variant.readModel(); // checks its digest
      }
      findings.add(
          Finding.ok(
              "models",
              Terminal.format(
                  "%s in %s: %d variants, %d classes, digests correct",
                  set.name(), models, set.variants().size(), set.classes().size())));
      findings.add(infer(set, environment));
    } catch (ModelSetException e) {
      findings.add(
          Finding.fail(
              "models",
              e.getMessage() + "; copy the set again, or choose another one with --models"));
    }
    return findings;
  }

  /** Loads the native library and runs the first variant on its golden input. */
  private static Finding infer(ModelSet set, Map<String, String> environment) {
    Path cache = NativeRuntime.defaultCache(environment);
    try {
      NativeRuntime.prepare(cache);
      String first = set.variants().get(0).id();
      try (Classifier classifier = Classifier.open(set, first, ONE_THREAD, System::nanoTime)) {
        return Finding.ok(
            "runtime",
            Terminal.format(
                "ONNX Runtime from %s; %s is right on its test input, %.2f ms",
                System.getProperty("onnxruntime.native.path", cache.toString()),
                first,
                classifier.selfBenchmarkMillis()));
      }
    } catch (WorkerStartException | ModelSetException e) {
      return Finding.fail("runtime", e.getMessage());
    }
  }
}
