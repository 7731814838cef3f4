package chorale.aggregator.fusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sum for each class that is named in some vote. There are few such classes (variants times k),
 * so that linear search suffices. Not thread-safe; each call of a rule creates its own.
 */
final class ClassScores {
  /** A placeholder for any class without votes. */
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

  /** Returns the position of the largest sum; on a tie, of the lowest class index. */
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

  /** The largest amount by which a class can catch up with the leader. */
  interface Reach {
    /**
     * @param index of the class; {@link #UNNAMED} for any class without votes
     */
    double of(int index);
  }

  /**
   * Returns the leader's smallest lead over another class, after that class has gained its {@link
   * Reach}.
   *
   * @param unnamed sum of a class without votes
   * @return infinity if there is no other class
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

  /**
   * Returns all classes, best first, sorted by their sums: scores may have ties due to rounding.
   */
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
