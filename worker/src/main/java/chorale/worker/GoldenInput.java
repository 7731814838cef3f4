package chorale.worker;

import chorale.protocol.strategy.Tensor.Shape;
import chorale.variants.ModelSetException;
import chorale.variants.StageManifest;
import chorale.variants.StageManifest.Golden;
import chorale.variants.VariantManifest;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The image that every variant must read at its start as it did when it was made: {@code
 * image[c][y][x] = ((31c + 17y + 13x) mod 256) / 127.5 - 1}. It finds another network, another
 * runtime's arithmetic and a broken processor feature before a camera does.
 */
final class GoldenInput {
  /** Processors and versions round differently; a wrong network is far outside this. */
  static final double TOLERANCE = 1e-3;

  private GoldenInput() {}

  static void fill(FloatBuffer planes, Shape shape) {
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          int value = (31 * c + 17 * y + 13 * x) % 256;
          planes.put((c * shape.height() + y) * shape.width() + x, value / 127.5f - 1);
        }
      }
    }
  }

  /**
   * @param network has got the golden input
   * @throws ModelSetException names the model file and what differs
   */
  static void require(VariantManifest manifest, Supplier<Probabilities> network)
      throws ModelSetException {
    Probabilities actual;
    try {
      actual = network.get();
    } catch (IllegalStateException e) {
      throw new ModelSetException(
          manifest.model() + ": fails on the golden input: " + e.getMessage(), e);
    }
    double worst = 0;
    for (int i = 0; i < manifest.classCount(); i++) {
      worst = Math.max(worst, Math.abs(actual.of(i) - manifest.golden().get(i)));
    }
    int top = actual.topK(1).get(0).index();
    if (worst > TOLERANCE || top != manifest.goldenTop1()) {
      throw new ModelSetException(
          String.format(
              Locale.ROOT,
              "%s: reads the golden input as class %d, the manifest says %d; probabilities differ"
                  + " by up to %.4f (allowed: %.3f)",
              manifest.model(),
              top,
              manifest.goldenTop1(),
              worst,
              TOLERANCE));
    }
  }

  /**
   * The same for a stage, by mean and deviation of all that it puts out.
   *
   * @param network has got the golden input
   * @throws ModelSetException names the model file and what differs
   */
  static void require(StageManifest manifest, OnnxModel network) throws ModelSetException {
    Golden expected = manifest.golden();
    Golden actual;
    try {
      actual = network.run(GoldenInput::summary);
    } catch (IllegalStateException e) {
      throw new ModelSetException(
          manifest.model() + ": fails on the golden input: " + e.getMessage(), e);
    }
    double scale = Math.max(expected.deviation(), 1e-6);
    double worst =
        Math.max(
            Math.abs(actual.mean() - expected.mean()),
            Math.abs(actual.deviation() - expected.deviation()));
    if (!(worst <= TOLERANCE * scale)) {
      throw new ModelSetException(
          String.format(
              Locale.ROOT,
              "%s: makes of the golden input values of mean %.4g and deviation %.4g, the manifest"
                  + " says %.4g and %.4g",
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
