package chorale.worker;

import chorale.protocol.Request;
import chorale.protocol.RequestKey;
import chorale.protocol.bus.BusEvent;

/**
 * A request as it waits at one worker. Immutable.
 *
 * @param budgetMillis of the whole request
 * @param k classes to return
 * @param before what other workers have spent on it
 * @param arrivedNanos when its message arrived here, by this worker's ticker
 */
public record Job(
    RequestKey key,
    String camera,
    int budgetMillis,
    int k,
    Spent before,
    Engine.Input input,
    long arrivedNanos) {

  /** Time spent on one request, at work and waiting, in microseconds. */
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

  /** What is left of its budget; below 0 once it has waited longer than that. */
  long leftNanos(long nowNanos) {
    return budgetNanos() - before.nanos() - (nowNanos - arrivedNanos);
  }

  /** What all workers have spent on it, if its wait here ends now. */
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
