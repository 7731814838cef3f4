package chorale.protocol;

/** Sanitizing of external text for logs and results. Stateless. */
public final class PrintableText {
  private PrintableText() {}

  /** Returns the text, cut to {@code maxLength} characters plus "..." if it is longer. */
  public static String cut(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength) + "...";
  }

  /**
   * Returns one line of at most {@code maxLength} characters, with each control, format and
   * unassigned character replaced by a question mark.
   */
  public static String line(String text, int maxLength) {
    String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    return line.length() <= maxLength ? line : cut(line, maxLength - 3);
  }

  /** Cuts the text and replaces all but printable ASCII characters by question marks. */
  public static String ascii(String text, int maxLength) {
    return cut(text, maxLength).replaceAll("[^ -~]", "?");
  }
}
