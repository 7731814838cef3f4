package chorale.cli.doctor;

import chorale.cli.Terminal;

/**
 * The outcome of a check of {@code doctor}.
 *
 * @param about the subject: java, broker, ...
 * @param text the state, and for a problem what to do
 */
record Finding(Level level, String about, String text) {
  /** The severity. */
  enum Level {
    OK,
    WARN,
    FAIL
  }

  static Finding ok(String about, String text) {
    return new Finding(Level.OK, about, text);
  }

  static Finding warn(String about, String text) {
    return new Finding(Level.WARN, about, text);
  }

  static Finding fail(String about, String text) {
    return new Finding(Level.FAIL, about, text);
  }

  String line() {
    return Terminal.format("%-4s  %-8s  %s", level, about, text);
  }
}
