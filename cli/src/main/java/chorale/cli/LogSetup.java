package chorale.cli;

import chorale.config.LogFormat;
import chorale.protocol.Labels;
import java.util.logging.Handler;
import java.util.logging.Logger;

/**
 * The setup of the log format, to be called before the first log line. The full distribution logs
 * with Logback; a worker's distribution uses {@code java.util.logging}, which has no JSON format.
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
