package chorale.evaluation.plan;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/**
 * Every way to put distinct variants on boards, at most one on each, by dynamic programming over
 * the boards and the sets of variants (masks) that those so far run: which sets can run at all, and
 * at what cost. Exact. Owned by one call of the planner.
 */
final class Placements {
  private static final int IDLE = -1;

  /** By board and variant; infinite where it may not run. */
  private final double[][] millis;

  private final int variants;

  private final DoubleBinaryOperator sum;

  /** Least cost after the first boards, by their number and the mask. */
  private final double[][] least;

  /** What the last of those boards runs then. */
  private final int[][] runs;

  private Placements(double[][] millis, int variants, DoubleBinaryOperator sum) {
    this.millis = millis;
    this.variants = variants;
    this.sum = sum;
    this.least = new double[millis.length + 1][1 << variants];
    this.runs = new int[millis.length + 1][1 << variants];
    solve();
  }

  /** Cost is the time of the slowest. */
  static Placements bySlowest(double[][] millis, int variants) {
    return new Placements(millis, variants, Math::max);
  }

  /** Cost is the sum of the times, none of which is above the limit. */
  static Placements bySum(double[][] millis, int variants, double limit) {
    double[][] limited =
        Arrays.stream(millis)
            .map(
                row ->
                    Arrays.stream(row)
                        .map(each -> each <= limit ? each : Double.POSITIVE_INFINITY)
                        .toArray())
            .toArray(double[][]::new);
    return new Placements(limited, variants, Double::sum);
  }

  private void solve() {
    Arrays.fill(least[0], Double.POSITIVE_INFINITY);
    least[0][0] = 0;
    for (int board = 0; board < millis.length; board++) {
      for (int mask = 0; mask < 1 << variants; mask++) {
        double best = least[board][mask];
        int runsBest = IDLE;
        for (int variant = 0; variant < variants; variant++) {
          if ((mask & 1 << variant) != 0) {
            double cost =
                sum.applyAsDouble(least[board][mask & ~(1 << variant)], millis[board][variant]);
            if (cost < best) {
              best = cost;
              runsBest = variant;
            }
          }
        }
        least[board + 1][mask] = best;
        runs[board + 1][mask] = runsBest;
      }
    }
  }

  boolean isPossible(int mask) {
    return cost(mask) < Double.POSITIVE_INFINITY;
  }

  double cost(int mask) {
    return least[millis.length][mask];
  }

  /** For each board the variant it runs, or -1. */
  int[] of(int mask) {
    int[] placed = new int[millis.length];
    int left = mask;
    for (int board = millis.length; board > 0; board--) {
      placed[board - 1] = runs[board][left];
      left = placed[board - 1] == IDLE ? left : left & ~(1 << placed[board - 1]);
    }
    return placed;
  }
}
