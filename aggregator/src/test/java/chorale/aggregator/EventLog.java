package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;

import chorale.protocol.Address;
import chorale.protocol.AskCodec;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import java.util.function.Supplier;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** A readable log of a simulation, one line per event; written only on request. */
final class EventLog {
  private static final int KEY_DIGITS = 6;

  static final Logger SERVICES = Logger.getLogger("chorale");

  private final VirtualTime time;
  private final boolean on;
  private final StringBuilder lines = new StringBuilder();

  EventLog(VirtualTime time, boolean on) {
    this.time = time;
    this.on = on;
  }

  void add(String who, Supplier<String> what) {
    if (on) {
      double millis = time.elapsedNanos() / (double) MILLI;
      lines.append(String.format("%11.3f ms  %-9s %s%n", millis, who, what.get()));
    }
  }

  /**
   * Adds the services' log lines from now on; not for concurrent simulations.
   *
   * @return stops adding them
   */
  Runnable listen() {
    Level before = SERVICES.getLevel();
    Handler handler =
        new Handler() {
          private final Formatter formatter = new SimpleFormatter();

          @Override
          public void publish(LogRecord entry) {
            add("", () -> entry.getLevel() + " " + formatter.formatMessage(entry));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    SERVICES.setLevel(Level.INFO);
    SERVICES.addHandler(handler);
    return () -> {
      SERVICES.removeHandler(handler);
      SERVICES.setLevel(before);
    };
  }

  /** Returns the first digits of a key, as the log shows them. */
  static String shortKey(RequestKey key) {
    return key.hex().substring(0, KEY_DIGITS);
  }

  static String describe(Message message) {
    String topic = message.topic().substring(Rig.TOPICS.cameraPrefix("x").indexOf("camera/"));
    String kept = message.retain() ? " (retain)" : "";
    Address address = Rig.TOPICS.parse(message.topic());
    try {
      if (address instanceof Address.Image image) {
        return topic + " " + shortKey(Scenario.key(image.camera(), message));
      } else if (address instanceof Address.Reply) {
        return topic + " " + shortKey(new ReplyCodec().decode(message.payload()).key());
      } else if (address instanceof Address.Ask) {
        return topic + " " + shortKey(AskCodec.decode(message.payload()).key());
      } else if (address instanceof Address.Result) {
        return topic + " " + describe(new ResultCodec().decode(message.payload())) + kept;
      }
    } catch (MalformedException e) {
      return topic + " malformed";
    }
    return topic + " " + message.payload().utf8() + kept;
  }

  static String describe(Result result) {
    return "%s #%d of %s: %s by %s%s"
        .formatted(
            shortKey(result.requestId()),
            result.origin().seq(),
            result.origin().aggregator(),
            result.answer().map(Result.Answer::name).orElse("no_answer"),
            result.decidedBy().label(),
            result.repeated() ? ", repeated" : "");
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
