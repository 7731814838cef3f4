package chorale.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/**
 * The output of a command for people. Uses color only on a terminal and without {@code NO_COLOR}
 * (no-color.org). Not thread-safe.
 *
 * @param interactive whether the output is a terminal, where a line can be redrawn
 */
public record Terminal(PrintWriter out, boolean interactive, boolean color) {
  private static final char ESCAPE = 27;

  public static Terminal of(PrintWriter out) {
    boolean interactive = isTerminal(System.console());
    return new Terminal(out, interactive, interactive && wantsColor(System.getenv()));
  }

  public static boolean wantsColor(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
  }

  /**
   * Returns whether the console is a terminal. Java 22 and later return a console even without one,
   * and have a method {@code isTerminal}.
   */
  private static boolean isTerminal(Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  public void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Formats a text independently of the user's locale. */
  public static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  public String dim(String text) {
    return styled("2", text);
  }

  public String bold(String text) {
    return styled("1", text);
  }

  public String good(String text) {
    return styled("32", text);
  }

  public String bad(String text) {
    return styled("31", text);
  }

  private String styled(String code, String text) {
    return color ? ESCAPE + "[" + code + "m" + text + ESCAPE + "[0m" : text;
  }
}
