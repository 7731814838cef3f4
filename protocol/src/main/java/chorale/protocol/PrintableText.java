package chorale.protocol;

/** Text that somebody else chose, made fit for a log line or a result. Stateless. */
public final class PrintableText {
  private PrintableText() {}

  /** The text, or its beginning and three dots where it has more characters than that. */
  public static String cut(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength) + "...";
  }

  /**
   * One line of at most so many characters, a question mark in place of each control, format or
   * unassigned character.
   */
  public static String line(String text, int maxLength) {
    String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    return line.length() <= maxLength ? line : cut(line, maxLength - 3);
  }

  /** The same, with a question mark in place of everything but printable ASCII. */
  public static String ascii(String text, int maxLength) {
    return cut(text, maxLength).replaceAll("[^ -~]", "?");
  }
}
