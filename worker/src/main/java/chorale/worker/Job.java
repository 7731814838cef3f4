package chorale.worker;

import chorale.protocol.Request;
import chorale.protocol.RequestKey;
import chorale.protocol.bus.BusEvent;

/**
 * A request that waits for inference at a worker. Immutable.
 *
 * @param budgetMillis budget of the whole request
 * @param k number of classes to return
 * @param before time spent on the request by the workers of earlier stages
 * @param arrivedNanos arrival of its message, by this worker's ticker
 */
public record Job(
    RequestKey key,
    String camera,
    int budgetMillis,
    int k,
    Spent before,
    Engine.Input input,
    long arrivedNanos) {

  /** Inference and waiting time spent on one request, in microseconds. */
  public record Spent(int inferenceMicros, int queueMicros) {
    static final Spent NOTHING = new Spent(0, 0);

    Spent plus(long inferenceNanos, long queueNanos) {
      return new Spent(sum(inferenceMicros, inferenceNanos), sum(queueMicros, queueNanos));
    }

    private static int sum(int micros, long nanos) {
      return (int) Math.min(Integer.MAX_VALUE, micros + Math.max(0, nanos / 1_000));
    }

    public long nanos() {
      return 1_000L * inferenceMicros + 1_000L * queueMicros;
    }
  }

  long budgetNanos() {
    return budgetMillis * 1_000_000L;
  }

  /** Returns the rest of the budget; negative after the deadline. */
  long leftNanos(long nowNanos) {
    return budgetNanos() - before.nanos() - (nowNanos - arrivedNanos);
  }

  /**
   * Returns the time that all workers have spent on the request if its wait at this worker ends
   * now.
   */
  Spent spentUntil(long nowNanos) {
    return before.plus(0, nowNanos - arrivedNanos);
  }

  static Job of(Request request, BusEvent.Delivered delivered) {
    return new Job(
        request.key(),
        request.camera(),
        request.budgetMillis(),
        request.k(),
        Spent.NOTHING,
        new Engine.Image(delivered.message().payload()),
        delivered.arrivedNanos());
  }
}
