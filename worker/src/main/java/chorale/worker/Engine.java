package chorale.worker;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.Bytes;
import chorale.protocol.Stage;
import chorale.protocol.strategy.Tensor;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;

/**
 * What a worker computes with: a whole network, or one stage of one. Used by one thread at a time.
 */
public interface Engine extends AutoCloseable {

  /** What an engine takes. */
  sealed interface Input {
    /** An encoded image, for a first stage. */
    record Image(Bytes encoded) implements Input {}

    /** What the stage before handed over. */
    record Handed(Tensor tensor) implements Input {}
  }

  /** What an engine gives. */
  sealed interface Output {
    /** Of a last stage. */
    record Answer(Probabilities probabilities) implements Output {}

    /** For the next stage. */
    record Handed(Tensor tensor) implements Output {}
  }

  /**
   * @throws ImageRejectedException the image's fault: it is not decoded
   * @throws IllegalStateException the network failed, or this is closed
   * @throws IllegalArgumentException not the kind or the shape of input that this stage takes
   */
  Output run(Input input) throws ImageRejectedException;

  /** The same network for another thread, with buffers of its own; close it before this one. */
  Engine another();

  Stage stage();

  /** The set of the network that this is, or is part of. */
  ModelSet modelSet();

  /** Of the whole network. */
  VariantManifest manifest();

  /** Median time of one inference, measured when this was opened. */
  double selfBenchmarkMillis();

  @Override
  void close();
}
