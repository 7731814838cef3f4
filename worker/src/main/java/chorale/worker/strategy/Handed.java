package chorale.worker.strategy;

import chorale.protocol.strategy.Tensor;
import chorale.worker.Engine;
import java.util.Objects;

/** A tensor that one stage of a network hands to the next. Immutable. */
record Handed(Tensor tensor) implements Engine.Input, Engine.Output {
  Handed {
    Objects.requireNonNull(tensor, "tensor");
  }
}
