package chorale.protocol;

/** Text that somebody else chose, made fit for a log line or a result. Stateless. */
public final class PrintableText {
  private PrintableText() {}

  /** The text, or its beginning and three dots where it has more characters than that. */
  public static String cut(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength) + "...";
  }

  /** The same, with a question mark in place of everything but printable ASCII. */
  public static String ascii(String text, int maxLength) {
    return cut(text, maxLength).replaceAll("[^ -~]", "?");
  }
}
