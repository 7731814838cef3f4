package chorale.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Objects;

/**
 * An item of the page: a camera, a board or an aggregator, with the time of its last message. Owned
 * by the dashboard's thread.
 */
abstract class Card {
  private final String name;
  private long heardMillis;

  Card(String name) {
    this.name = Objects.requireNonNull(name, "name");
  }

  final String name() {
    return name;
  }

  /**
   * Records the time of a message.
   *
   * @param millis since the epoch, by the dashboard's clock
   */
  final void heard(long millis) {
    heardMillis = Math.max(heardMillis, millis);
  }

  /**
   * Returns the time of the last message, in milliseconds since the epoch by the dashboard's clock;
   * 0 before the first.
   */
  final long heardMillis() {
    return heardMillis;
  }

  /** Writes the fields of the card into an open object. */
  abstract void write(JsonGenerator json) throws IOException;
}
