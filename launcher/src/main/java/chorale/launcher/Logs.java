package chorale.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** What of the logs a command shows that writes for people. */
final class Logs {
  private Logs() {}

  /** Between a command's own lines only what went wrong is of interest. */
  static void warningsOnly() {
    if (LoggerFactory.getLogger("chorale") instanceof Logger chorale) {
      chorale.setLevel(Level.WARN);
    }
  }
}
