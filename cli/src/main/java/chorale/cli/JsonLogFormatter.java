package chorale.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * A formatter for {@code java.util.logging} that writes one JSON object a line. Uses the fields and
 * levels of Logback's JsonEncoder, so that all services log in the same format. Thread-safe.
 */
final class JsonLogFormatter extends Formatter {
  private static final JsonFactory FACTORY = new JsonFactory();

  @Override
  public String format(LogRecord log) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(line)) {
      json.writeStartObject();
      json.writeNumberField("timestamp", log.getMillis());
      json.writeStringField("level", level(log.getLevel()));
      json.writeStringField("loggerName", log.getLoggerName());
      json.writeStringField("formattedMessage", formatMessage(log));
      if (log.getThrown() != null) {
        json.writeStringField("throwable", stack(log.getThrown()));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing JSON to memory failed", e);
    }
    return line.append('\n').toString();
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARN";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }

  private static String stack(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
