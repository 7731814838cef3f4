package chorale.protocol.strategy;

import chorale.protocol.Digests;
import chorale.protocol.Limits;
import chorale.protocol.RequestKey;
import java.util.Objects;

/**
 * The message from one stage of a network to the next: a tensor and the request data that later
 * stages need. Immutable.
 *
 * <p>Its age is stored as time spent, not as a timestamp, because the boards' clocks differ.
 * Transfer times between boards are not counted.
 *
 * @param stage the stage that receives it, 2 to 16
 * @param network digest of the whole network's model ({@link Digests#prefix}), because stages of
 *     another network can have the same shape
 * @param k number of classes to return
 * @param budgetMillis budget of the request
 * @param inferenceMicros total inference time of the stages before, in microseconds
 * @param queueMicros total waiting time in their inboxes, in microseconds
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
