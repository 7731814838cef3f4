package chorale.worker;

import chorale.variants.VariantManifest;
import java.nio.file.Path;
import java.util.List;

/**
 * The required input and output of an ONNX file: float32, for any number of images. Immutable.
 *
 * @param file the ONNX file, for messages
 */
public record Signature(Path file, Port input, Port output) {
  public static final String IMAGE = "image";
  public static final String PROBABILITIES = "probabilities";

  /**
   * A named input or output.
   *
   * @param sides dimensions for one image: channels, height, width, or the number of classes
   */
  public record Port(String name, List<Integer> sides) {
    public Port {
      sides = List.copyOf(sides);
    }

    /** Returns the number of values for one image. */
    int size() {
      return sides.stream().reduce(1, Math::multiplyExact);
    }

    /** Returns the shape of a batch of one image. */
    long[] single() {
      long[] shape = new long[sides.size() + 1];
      shape[0] = 1;
      for (int i = 0; i < sides.size(); i++) {
        shape[i + 1] = sides.get(i);
      }
      return shape;
    }
  }

  static Signature of(VariantManifest manifest) {
    return new Signature(
        manifest.model(),
        new Port(IMAGE, List.of(3, manifest.inputSize(), manifest.inputSize())),
        new Port(PROBABILITIES, List.of(manifest.classCount())));
  }
}
