package chorale.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * One measured figure, a row of the table.
 *
 * @param unit "x", "ms", "replies/s"
 * @param target the required bound, if any
 */
record Figure(String name, String unit, Optional<Target> target, Spread measured) {

  /** Returns "met" or "missed", by the median; empty without a target. */
  String verdict() {
    return target.map(each -> each.isMetBy(measured.median()) ? "met" : "missed").orElse("");
  }

  /**
   * A required bound.
   *
   * @param most whether the bound is a maximum; otherwise it is a minimum
   */
  record Target(double bound, boolean most) {
    static Target atLeast(double bound) {
      return new Target(bound, false);
    }

    static Target atMost(double bound) {
      return new Target(bound, true);
    }

    boolean isMetBy(double value) {
      return most ? value <= bound : value >= bound;
    }

    @Override
    public String toString() {
      return (most ? "<= " : ">= ") + shown(bound);
    }
  }

  /** Formats a value with 2 or 3 significant digits, or as a whole number. */
  static String shown(double value) {
    double size = Math.abs(value);
    String format = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, size < .095 && size > 0 ? "%.3f" : format, value);
  }
}
