package chorale.evaluation;

import chorale.protocol.FileFailure;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import java.io.IOException;
import java.nio.file.Files;

/**
 * The size and cost of a variant or the reference network. Immutable.
 *
 * @param base name of the full network from which it is derived
 * @param alpha width multiplier
 * @param inputSize side of its square input, in pixels
 * @param cost at the set's number of classes
 * @param costAt100 at 100 classes
 * @param modelBytes size of its file
 */
public record Network(
    String id,
    String base,
    double alpha,
    int inputSize,
    Cost cost,
    Cost costAt100,
    long modelBytes) {

  /**
   * The operations of one inference and the size of the network.
   *
   * @param macs multiply-accumulate operations
   * @param params number of parameters
   */
  public record Cost(long macs, long params) {}

  /**
   * @throws ModelSetException if the model file cannot be read
   */
  public static Network of(VariantManifest manifest) throws ModelSetException {
    long bytes;
    try {
      bytes = Files.size(manifest.model());
    } catch (IOException e) {
      throw new ModelSetException(
          manifest.model() + ": cannot be read: " + FileFailure.reason(e), e);
    }
    return new Network(
        manifest.id(),
        manifest.base(),
        manifest.alpha(),
        manifest.inputSize(),
        new Cost(manifest.macs(), manifest.params()),
        new Cost(manifest.macs100(), manifest.params100()),
        bytes);
  }
}
