package chorale.variants;

import chorale.protocol.Bytes;
import chorale.protocol.strategy.Tensor.Shape;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is known of one stage of a network without opening its model: an entry of {@code stages} in
 * {@code <id>.json}. Immutable.
 *
 * @param model the ONNX file: input {@code image} for the first stage, {@code tensor} for the
 *     others; output {@code probabilities} for the last, {@code output} for the others; all
 *     float32, of any number of images. It need not be there: a board has those that it runs
 * @param sha256 of the model file, 32 bytes
 * @param macs multiply-accumulate operations per image
 * @param params parameters
 * @param input of one image
 * @param output of one image; absent for the last stage, whose output is the probabilities
 * @param golden what it makes of the golden input
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
   * The model's bytes, once their digest is what the manifest says.
   *
   * @throws ModelSetException it cannot be read, or is another file than the one that was checked
   */
  public Bytes readModel() throws ModelSetException {
    return ModelFile.read(model, sha256);
  }
}
