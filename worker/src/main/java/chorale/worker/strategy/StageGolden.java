package chorale.worker.strategy;

import chorale.variants.ModelSetException;
import chorale.variants.StageManifest;
import chorale.variants.StageManifest.Golden;
import chorale.worker.GoldenInput;
import chorale.worker.OnnxModel;
import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * A self-test of one stage with the golden input: mean and standard deviation of its output must be
 * those recorded at its export. Stateless.
 */
final class StageGolden {
  private StageGolden() {}

  /**
   * @param network its input holds the golden input
   * @throws ModelSetException names the model file and the difference
   */
  static void require(StageManifest manifest, OnnxModel network) throws ModelSetException {
    Golden expected = manifest.golden();
    Golden actual;
    try {
      actual = network.run(StageGolden::summary);
    } catch (IllegalStateException e) {
      throw new ModelSetException(
          manifest.model() + ": fails on the golden input: " + e.getMessage(), e);
    }
    double scale = Math.max(expected.deviation(), 1e-6);
    double worst =
        Math.max(
            Math.abs(actual.mean() - expected.mean()),
            Math.abs(actual.deviation() - expected.deviation()));
    if (!(worst <= GoldenInput.TOLERANCE * scale)) {
      throw new ModelSetException(
          String.format(
              Locale.ROOT,
              "%s: its output on the golden input has mean %.4g and deviation %.4g, but the"
                  + " manifest says %.4g and %.4g",
              manifest.model(),
              actual.mean(),
              actual.deviation(),
              expected.mean(),
              expected.deviation()));
    }
  }

  private static Golden summary(FloatBuffer values) {
    double sum = 0;
    double squares = 0;
    int count = values.remaining();
    for (int i = 0; i < count; i++) {
      double value = values.get(i);
      sum += value;
      squares += value * value;
    }
    double mean = sum / count;
    return new Golden(mean, Math.sqrt(Math.max(0, squares / count - mean * mean)));
  }
}
