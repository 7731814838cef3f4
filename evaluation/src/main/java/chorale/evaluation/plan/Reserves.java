package chorale.evaluation.plan;

import java.util.stream.IntStream;

/**
 * A greedy assignment of boards that are too slow for the chosen variants, one board after the
 * other. Each gets the variant that maximizes the sum of two accuracies: that of all boards, and
 * that after the worst loss of one board. It stays idle if no variant increases this sum.
 * Stateless.
 */
final class Reserves {
  private Reserves() {}

  /**
   * Assigns variants to idle boards.
   *
   * @param millis by board and variant; infinite if the board may not run the variant
   * @param placed the variant of each board, or -1; updated
   */
  static void complete(MeasuredSet set, double[][] millis, int[] placed) {
    for (int board = 0; board < placed.length; board++) {
      if (placed[board] < 0) {
        double best = worth(set, placed);
        int chosen = -1;
        for (int variant = 0; variant < millis[board].length; variant++) {
          placed[board] = variant;
          if (millis[board][variant] < Double.POSITIVE_INFINITY && worth(set, placed) > best) {
            best = worth(set, placed);
            chosen = variant;
          }
        }
        placed[board] = chosen;
      }
    }
  }

  /** Returns the accuracy of all boards plus the accuracy after the worst loss of one board. */
  private static double worth(MeasuredSet set, int... placed) {
    double worst =
        IntStream.range(0, placed.length)
            .filter(board -> placed[board] >= 0)
            .mapToDouble(board -> set.accuracy(maskWithout(board, placed)))
            .min()
            .orElse(0);
    return set.accuracy(mask(placed)) + worst;
  }

  static int mask(int... placed) {
    return maskWithout(-1, placed);
  }

  /** Returns the mask of the running variants if a board is lost. */
  static int maskWithout(int lost, int... placed) {
    return IntStream.range(0, placed.length)
        .filter(board -> board != lost && placed[board] >= 0)
        .map(board -> 1 << placed[board])
        .reduce(0, (mask, bit) -> mask | bit);
  }
}
