package chorale.evaluation.measurement;

import java.util.Collection;

/** Means and quantiles of measured values. Stateless. */
public final class Quantiles {
  private Quantiles() {}

  /**
   * Returns the middle value, or the mean of the two middle values.
   *
   * @throws IllegalArgumentException if there are no values
   */
  public static double median(Collection<Double> values) {
    double[] sorted = sorted(values);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * @throws IllegalArgumentException if there are no values
   */
  public static double mean(Collection<Double> values) {
    return values.stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElseThrow(Quantiles::noValues);
  }

  /**
   * Returns the nearest-rank quantile: the smallest value such that at least this share of the
   * values is at most as large.
   *
   * @param share above 0, at most 1
   * @throws IllegalArgumentException if there are no values
   */
  public static double nearestRank(Collection<Double> values, double share) {
    double[] sorted = sorted(values);
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private static double[] sorted(Collection<Double> values) {
    if (values.isEmpty()) {
      throw noValues();
    }
    return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static IllegalArgumentException noValues() {
    return new IllegalArgumentException("no values were measured");
  }
}
