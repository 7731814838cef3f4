package chorale.worker;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;

/**
 * A network that a worker computes with, and what it reads from the input. Used by one thread at a
 * time.
 */
public interface Engine extends AutoCloseable {

  /** What an engine takes. */
  interface Input {
    int bytes();
  }

  record Image(Bytes encoded) implements Input {
    @Override
    public int bytes() {
      return encoded.size();
    }
  }

  /** What an engine returns: {@link Probabilities}, where it is a whole network. */
  interface Output {}

  /**
   * @throws ImageRejectedException the image's fault: it is not decoded
   * @throws IllegalStateException the network failed, or this is closed
   * @throws IllegalArgumentException not the kind or the shape of input that this engine takes
   */
  Output run(Input input) throws ImageRejectedException;

  /** The same network for another thread, with buffers of its own; close it before this one. */
  Engine another();

  /** The set of the network that this is, or is part of. */
  ModelSet modelSet();

  /** Of the whole network. */
  VariantManifest manifest();

  /** Shortest time of a few inferences, measured when this was opened. */
  double selfBenchmarkMillis();

  @Override
  void close();
}
