package chorale.worker;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;

/**
 * A network as a worker runs it, including the preprocessing of its input. Used by one thread at a
 * time.
 */
public interface Engine extends AutoCloseable {

  /** The input of an engine. */
  interface Input {
    int bytes();
  }

  record Image(Bytes encoded) implements Input {
    @Override
    public int bytes() {
      return encoded.size();
    }
  }

  /** The output of an engine: {@link Probabilities} for a whole network. */
  interface Output {}

  /**
   * @throws ImageRejectedException the image cannot be decoded
   * @throws IllegalStateException the network failed, or this engine is closed
   * @throws IllegalArgumentException the input has a kind or shape that this engine does not accept
   */
  Output run(Input input) throws ImageRejectedException;

  /**
   * Returns the same network with its own buffers, for another thread; close it before this one.
   */
  Engine another();

  /** Returns the model set that the network belongs to. */
  ModelSet modelSet();

  /** Returns the manifest of the whole network. */
  VariantManifest manifest();

  /** Returns the shortest time of a few inferences, measured when the engine was opened. */
  double selfBenchmarkMillis();

  @Override
  void close();
}
