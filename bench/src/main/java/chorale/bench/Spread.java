package chorale.bench;

import chorale.evaluation.measurement.Quantiles;
import java.util.Collection;
import java.util.Collections;

/**
 * The distribution of a figure over the rounds of a run: median, minimum and maximum.
 *
 * @param rounds the number of rounds; 1 for a single measurement
 */
record Spread(double median, double low, double high, int rounds) {

  static Spread of(Collection<Double> rounds) {
    return new Spread(
        Quantiles.median(rounds), Collections.min(rounds), Collections.max(rounds), rounds.size());
  }

  static Spread once(double value) {
    return new Spread(value, value, value, 1);
  }

  @Override
  public String toString() {
    return rounds == 1 ? "-" : Figure.shown(low) + " .. " + Figure.shown(high);
  }
}
