package chorale.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * One measured figure, a row of the table.
 *
 * @param unit "x", "ms", "replies/s"
 * @param target what it must reach, if anything
 */
record Figure(String name, String unit, Optional<Target> target, Spread measured) {

  /** "met", "missed", or nothing without a target; by the median. */
  String verdict() {
    return target.map(each -> each.isMetBy(measured.median()) ? "met" : "missed").orElse("");
  }

  /**
   * A bound.
   *
   * @param most whether the figure may be at most that, rather than at least
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

  /** Three digits that mean something, or whole numbers. */
  static String shown(double value) {
    double size = Math.abs(value);
    String format = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, size < .095 && size > 0 ? "%.3f" : format, value);
  }
}
