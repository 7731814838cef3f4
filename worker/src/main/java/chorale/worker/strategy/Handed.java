package chorale.worker.strategy;

import chorale.protocol.strategy.Tensor;
import chorale.worker.Engine;

/**
 * A tensor that one stage of a network passes to the next, as an engine's output and input.
 * Immutable.
 */
record Handed(Tensor tensor) implements Engine.Input, Engine.Output {
  @Override
  public int bytes() {
    return tensor.bytes();
  }
}
