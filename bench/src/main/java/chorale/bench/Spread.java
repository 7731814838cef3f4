package chorale.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * A figure over the rounds of a run: its median, and the smallest and the largest round.
 *
 * @param rounds measured; 1 where there is nothing to spread
 */
record Spread(double median, double low, double high, int rounds) {

  static Spread of(Collection<Double> rounds) {
    double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no rounds");
    }
    return new Spread(median(sorted), sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  static Spread once(double value) {
    return new Spread(value, value, value, 1);
  }

  /** Of any numbers, in any order. */
  static double medianOf(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return median(sorted);
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  @Override
  public String toString() {
    return rounds == 1 ? "-" : Figure.shown(low) + " .. " + Figure.shown(high);
  }
}
