package chorale.cli.doctor;

import chorale.cli.Terminal;

/**
 * What {@code doctor} found in one place.
 *
 * @param about the place: java, broker, ...
 * @param text what is, and where it is not well, what to do about it
 */
record Finding(Level level, String about, String text) {
  /** How well it is. */
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
