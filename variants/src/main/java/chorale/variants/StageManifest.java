package chorale.variants;

import chorale.protocol.Bytes;
import chorale.protocol.strategy.Tensor.Shape;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The metadata of one stage of a network: an entry of {@code stages} in {@code <id>.json}.
 * Immutable.
 *
 * @param model the ONNX file: input {@code image} for the first stage, {@code tensor} for the
 *     others; output {@code probabilities} for the last, {@code output} for the others; all
 *     float32, with any batch size. May be missing: a board has only the stages that it runs
 * @param sha256 digest of the model file, 32 bytes
 * @param macs multiply-accumulate operations per image
 * @param params number of parameters
 * @param input shape for one image
 * @param output shape for one image; empty for the last stage, whose output is the probabilities
 * @param golden output statistics for the golden input
 */
public record StageManifest(
    Path model,
    Bytes sha256,
    long macs,
    long params,
    Shape input,
    Optional<Shape> output,
    Golden golden) {

  /** Mean and standard deviation of all output values. */
  public record Golden(double mean, double deviation) {}

  /**
   * Reads the model and verifies its digest.
   *
   * @throws ModelSetException if it cannot be read or does not match the digest
   */
  public Bytes readModel() throws ModelSetException {
    return ModelFile.read(model, sha256);
  }
}
