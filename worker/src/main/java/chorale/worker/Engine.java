package chorale.worker;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;

/**
 * A network with its preprocessing and its own buffers, as a worker runs it. Used by one thread at
 * a time. The code that opened it closes it; the engines from {@link #another} are closed first.
 */
public interface Engine extends AutoCloseable {

  /** An input of an engine: an image, or a tensor of an earlier stage. Immutable. */
  interface Input {
    int bytes();
  }

  record Image(Bytes encoded) implements Input {
    @Override
    public int bytes() {
      return encoded.size();
    }
  }

  /** An output of an engine: {@link Probabilities}, or a tensor for the next stage. Immutable. */
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
