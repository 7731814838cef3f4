package chorale.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in settings: {@code 40ms}, {@code 2s}, {@code 1.5m}. */
public final class Durations {
  public static final String ALLOWED = "a number and its unit, like 40ms, 2s or 1m";

  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) ?(us|ms|s|m|h)");

  /** The units above a microsecond, largest first. */
  private static final List<String> LARGE_UNITS = List.of("h", "m", "s", "ms");

  private Durations() {}

  /** Parses a duration; empty if the form is invalid. A plain {@code 0} needs no unit. */
  public static Optional<Duration> parse(String text) {
    String stripped = text.strip();
    if (stripped.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    Matcher matcher = FORM.matcher(stripped);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    double nanos = Double.parseDouble(matcher.group(1)) * nanosOf(matcher.group(2));
    return nanos > Long.MAX_VALUE / 2.0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.round(nanos)));
  }

  /**
   * Returns the duration as a whole number of the largest possible unit, such as {@code 90s} or
   * {@code 24h}. Cuts off fractions of a microsecond.
   */
  public static String format(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    for (String unit : LARGE_UNITS) {
      if (nanos % nanosOf(unit) == 0) {
        return nanos / nanosOf(unit) + unit;
      }
    }
    return nanos / nanosOf("us") + "us";
  }

  private static long nanosOf(String unit) {
    return switch (unit) {
      case "us" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      default -> 3_600_000_000_000L;
    };
  }
}
