package chorale.evaluation.plan;

import java.util.stream.IntStream;

/**
 * Work for the boards that can run none of the chosen variants in time: one after the other gets
 * the variant that saves most accuracy in the worst loss of one board, if it saves more than its
 * vote costs while no board is lost. Stateless.
 */
final class Reserves {
  private Reserves() {}

  /**
   * Fills in boards that run nothing.
   *
   * @param millis by board and variant; infinite where it may not run
   * @param placed the variant of each board, or -1
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

  /** The accuracy of all, and after the worst loss of one board. */
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

  /** The variants that run, a bit for each, when a board is lost. */
  static int maskWithout(int lost, int... placed) {
    return IntStream.range(0, placed.length)
        .filter(board -> board != lost && placed[board] >= 0)
        .map(board -> 1 << placed[board])
        .reduce(0, (mask, bit) -> mask | bit);
  }
}
