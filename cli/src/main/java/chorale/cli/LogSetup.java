package chorale.cli;

import chorale.config.LogFormat;
import chorale.protocol.Labels;
import java.util.logging.Handler;
import java.util.logging.Logger;

/**
 * Sets the format of this process's log, before anything is logged. The full distribution logs with
 * Logback, a board with Java's own logging, which has no JSON.
 */
final class LogSetup {
  /** Read in {@code logback.xml}. */
  private static final String PROPERTY = "chorale.log.format";

  private LogSetup() {}

  static void apply(LogFormat format) {
    if (format != LogFormat.TEXT) {
      System.setProperty(PROPERTY, Labels.of(format));
      for (Handler handler : Logger.getLogger("").getHandlers()) {
        handler.setFormatter(new JsonLogFormatter());
      }
    }
  }
}
