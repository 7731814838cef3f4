package chorale.aggregator.fusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sum for each class that was voted for. Classes are few (variants times k), so they are searched
 * one by one. Owned by one call of a rule.
 */
final class ClassScores {
  /** Stands for a class that no vote names. */
  static final int UNNAMED = -1;

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

  /** What another class lacks to the leader at the least, if it takes the most that it can. */
  interface Reach {
    /**
     * @param index of the class; {@link #UNNAMED} for any that nobody has named
     */
    double of(int index);
  }

  /**
   * The smallest lead over another class, less what it can take.
   *
   * @param unnamed where a class stands that nobody has named
   * @return infinity if there is no other class at all
   */
  double smallestLead(int leader, int classCount, double unnamed, Reach reach) {
    double least =
        size < classCount ? sums[leader] - unnamed - reach.of(UNNAMED) : Double.POSITIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      if (i != leader) {
        least = Math.min(least, sums[leader] - sums[i] - reach.of(classes[i]));
      }
    }
    return least;
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
