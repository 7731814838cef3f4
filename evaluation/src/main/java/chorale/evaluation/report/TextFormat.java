package chorale.evaluation.report;

import java.util.Locale;

/** Number formatting for reports, the same in every locale. Stateless. */
public final class TextFormat {
  private TextFormat() {}

  public static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /**
   * @param share 0 to 1
   * @return {@code 12.34 %}
   */
  public static String percent(double share) {
    return format("%.2f %%", 100 * share);
  }
}
