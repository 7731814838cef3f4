package chorale.evaluation.plan;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/**
 * An exact search over all placements of distinct variants on boards, at most one per board.
 * Dynamic programming over the boards and the sets (masks) of placed variants finds which sets can
 * run and at what cost. Immutable.
 */
final class Placements {
  private static final int IDLE = -1;

  /** By board and variant; infinite if the board may not run the variant. */
  private final double[][] millis;

  private final int variants;

  private final DoubleBinaryOperator sum;

  /** Minimum cost with the first boards, by their number and the mask. */
  private final double[][] least;

  /** The variant on the last of those boards. */
  private final int[][] runs;

  private Placements(double[][] millis, int variants, DoubleBinaryOperator sum) {
    this.millis = millis;
    this.variants = variants;
    this.sum = sum;
    this.least = new double[millis.length + 1][1 << variants];
    this.runs = new int[millis.length + 1][1 << variants];
    solve();
  }

  /** Returns placements with the time of the slowest board as cost. */
  static Placements bySlowest(double[][] millis, int variants) {
    return new Placements(millis, variants, Math::max);
  }

  /** Returns placements with the sum of the times as cost; no time may exceed the limit. */
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

  /** Returns the variant of each board, or -1 for an idle board. */
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
