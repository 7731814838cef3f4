package chorale.worker;

import chorale.protocol.strategy.Tensor.Shape;
import chorale.variants.StageManifest;
import chorale.variants.VariantManifest;
import java.nio.file.Path;
import java.util.List;

/**
 * What an ONNX file must take and give, float32 and of any number of images. Immutable.
 *
 * @param file for messages
 */
record Signature(Path file, Port input, Port output) {
  private static final String IMAGE = "image";
  private static final String PROBABILITIES = "probabilities";

  /**
   * @param sides of one image's values: channels, height, width, or the number of classes
   */
  record Port(String name, List<Integer> sides) {
    Port {
      sides = List.copyOf(sides);
    }

    static Port of(String name, Shape shape) {
      return new Port(name, List.of(shape.channels(), shape.height(), shape.width()));
    }

    /** How many values one image has. */
    int size() {
      return sides.stream().reduce(1, Math::multiplyExact);
    }

    /** With one image before its sides. */
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

  /**
   * @param first whether it takes the image
   */
  static Signature of(VariantManifest whole, StageManifest stage, boolean first) {
    return new Signature(
        stage.model(),
        Port.of(first ? IMAGE : "tensor", stage.input()),
        stage
            .output()
            .map(shape -> Port.of("output", shape))
            .orElse(new Port(PROBABILITIES, List.of(whole.classCount()))));
  }
}
