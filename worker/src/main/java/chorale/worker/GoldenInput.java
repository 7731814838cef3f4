package chorale.worker;

import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A self-test of a network with a fixed synthetic image (golden test), run when the network is
 * opened. For the image {@code image[c][y][x] = ((31c + 17y + 13x) mod 256) / 127.5 - 1}, the
 * network must return the probabilities that were recorded at its export. The test detects a wrong
 * network, different arithmetic of a runtime, and a faulty processor feature. Stateless.
 */
public final class GoldenInput {
  /**
   * Rounding differs between processors and versions; a wrong network differs far more than this.
   */
  public static final double TOLERANCE = 1e-3;

  private GoldenInput() {}

  /**
   * @param port input of the network: channels, height and width
   */
  static void fill(FloatBuffer planes, Signature.Port port) {
    int height = port.sides().get(1);
    int width = port.sides().get(2);
    for (int c = 0; c < port.sides().get(0); c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int value = (31 * c + 17 * y + 13 * x) % 256;
          planes.put((c * height + y) * width + x, value / 127.5f - 1);
        }
      }
    }
  }

  /**
   * @param network runs the network, whose input already holds the golden input
   * @throws ModelSetException names the model file and the difference
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
              "%s: classifies the golden input as class %d, but the manifest says %d; probabilities"
                  + " differ by up to %.4f (allowed: %.3f)",
              manifest.model(),
              top,
              manifest.goldenTop1(),
              worst,
              TOLERANCE));
    }
  }
}
