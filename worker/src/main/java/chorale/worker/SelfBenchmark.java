package chorale.worker;

import chorale.protocol.Ticker;

/**
 * A benchmark of a network's inference: the shortest of a few runs after a warm-up, because other
 * load on the machine lengthens some of them. Replicas of a variant divide the frames by this
 * speed. Stateless.
 */
final class SelfBenchmark {
  private static final int WARM_UP_RUNS = 3;
  private static final int RUNS = 9;

  private SelfBenchmark() {}

  /** Returns the time, above 0. */
  static double millis(Runnable inference, Ticker ticker) {
    long shortest = Long.MAX_VALUE;
    for (int i = -WARM_UP_RUNS; i < RUNS; i++) {
      long start = ticker.nanos();
      inference.run();
      if (i >= 0) {
        shortest = Math.min(shortest, ticker.nanos() - start);
      }
    }
    return Math.max(1, shortest) / 1e6;
  }
}
