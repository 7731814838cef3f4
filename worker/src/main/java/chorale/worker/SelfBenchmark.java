package chorale.worker;

import chorale.protocol.Ticker;
import java.util.Arrays;

/** The median time of a few inferences, after a few more that warm up; above 0. Stateless. */
final class SelfBenchmark {
  private static final int WARM_UP_RUNS = 3;
  private static final int RUNS = 9;

  private SelfBenchmark() {}

  static double millis(Runnable inference, Ticker ticker) {
    long[] nanos = new long[RUNS];
    for (int i = -WARM_UP_RUNS; i < RUNS; i++) {
      long start = ticker.nanos();
      inference.run();
      if (i >= 0) {
        nanos[i] = ticker.nanos() - start;
      }
    }
    Arrays.sort(nanos);
    return Math.max(1, nanos[RUNS / 2]) / 1e6;
  }
}
