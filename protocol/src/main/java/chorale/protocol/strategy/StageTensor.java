package chorale.protocol.strategy;

import chorale.protocol.Digests;
import chorale.protocol.Limits;
import chorale.protocol.RequestKey;
import java.util.Objects;

/**
 * What one stage of a network hands to the next: the tensor, and of the request what the stages
 * after it need. Immutable.
 *
 * <p>Its age travels as what was spent of the budget, never as a time of some clock; the way
 * between two boards is not counted.
 *
 * @param stage that shall take it, 2 to 16
 * @param network digest of the whole network's model ({@link Digests#prefix}): a stage of another
 *     can have the same shape
 * @param k classes to return
 * @param budgetMillis of the whole request
 * @param inferenceMicros that the stages before have worked on it, in microseconds
 * @param queueMicros that it waited in their inboxes, in microseconds
 */
public record StageTensor(
    RequestKey key,
    int stage,
    long network,
    int k,
    int budgetMillis,
    int inferenceMicros,
    int queueMicros,
    Tensor tensor) {

  public StageTensor {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(tensor, "tensor");
    require("stage", stage, 2, Limits.MAX_STAGES);
    require("k", k, Limits.MIN_K, Limits.MAX_K);
    require("budget", budgetMillis, Limits.MIN_BUDGET_MILLIS, Limits.MAX_BUDGET_MILLIS);
    require("inference time", inferenceMicros, 0, Integer.MAX_VALUE);
    require("queue time", queueMicros, 0, Integer.MAX_VALUE);
  }

  private static void require(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(what + " " + value + " is outside " + min + ".." + max);
    }
  }
}
