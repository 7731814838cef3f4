package chorale.aggregator.fusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sum for each class that was voted for. Classes are few (variants times k), so they are searched
 * one by one. Owned by one call of a rule.
 */
final class ClassScores {
  private int[] classes = new int[16];
  private double[] sums = new double[16];
  private int size;

  void add(int index, double amount) {
    int at = 0;
    while (at < size && classes[at] != index) {
      at++;
    }
    if (at == size) {
      if (size == classes.length) {
        classes = Arrays.copyOf(classes, 2 * size);
        sums = Arrays.copyOf(sums, 2 * size);
      }
      classes[size++] = index;
    }
    sums[at] += amount;
  }

  int size() {
    return size;
  }

  int index(int at) {
    return classes[at];
  }

  double sum(int at) {
    return sums[at];
  }

  /** Where the largest sum is; of equal ones that of the lowest class. */
  int leader() {
    int best = 0;
    for (int i = 1; i < size; i++) {
      if (isBefore(i, best)) {
        best = i;
      }
    }
    return best;
  }

  private boolean isBefore(int one, int other) {
    return sums[one] > sums[other] || (sums[one] == sums[other] && classes[one] < classes[other]);
  }

  /**
   * The largest sum besides the leader's, where a class that nobody has named yet stands at {@code
   * unnamed}; minus infinity if there is no other class at all.
   */
  double strongestRival(int leader, int classCount, double unnamed) {
    double rival = size < classCount ? unnamed : Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      if (i != leader) {
        rival = Math.max(rival, sums[i]);
      }
    }
    return rival;
  }

  /** All classes, best first, by their sums before any division could make ties of them. */
  List<Fused.Scored> ranked(java.util.function.DoubleUnaryOperator score) {
    for (int i = 1; i < size; i++) {
      for (int j = i; j > 0 && isBefore(j, j - 1); j--) {
        int index = classes[j];
        classes[j] = classes[j - 1];
        classes[j - 1] = index;
        double sum = sums[j];
        sums[j] = sums[j - 1];
        sums[j - 1] = sum;
      }
    }
    List<Fused.Scored> ranked = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      ranked.add(new Fused.Scored(classes[i], score.applyAsDouble(sums[i])));
    }
    return ranked;
  }
}
