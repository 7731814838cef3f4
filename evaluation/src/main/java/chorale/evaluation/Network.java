package chorale.evaluation;

import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import java.io.IOException;
import java.nio.file.Files;

/**
 * A variant or the reference network, by its size and cost. Immutable.
 *
 * @param base the network it is a lighter version of
 * @param alpha width multiplier
 * @param inputSize side of its square input, in pixels
 * @param cost at the set's own classes
 * @param costAt100 the same with 100 classes
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
   * What one inference takes and what a network holds.
   *
   * @param macs multiply-accumulate operations
   * @param params parameters
   */
  public record Cost(long macs, long params) {}

  /**
   * @throws ModelSetException its model is gone
   */
  public static Network of(VariantManifest manifest) throws ModelSetException {
    long bytes;
    try {
      bytes = Files.size(manifest.model());
    } catch (IOException e) {
      throw new ModelSetException(manifest.model() + ": cannot be read: " + e.getMessage(), e);
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
