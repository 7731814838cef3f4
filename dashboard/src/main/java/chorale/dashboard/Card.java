package chorale.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Objects;

/**
 * One item of the page: a camera, a board or an aggregator, with the time when it was last heard.
 * Owned by the dashboard's thread.
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
   * Something came from it.
   *
   * @param millis since the epoch, by the dashboard's clock
   */
  final void heard(long millis) {
    heardMillis = Math.max(heardMillis, millis);
  }

  /** Milliseconds since the epoch by the dashboard's clock; 0 if nothing came yet. */
  final long heardMillis() {
    return heardMillis;
  }

  /** The fields of the card, into an object that is open. */
  abstract void write(JsonGenerator json) throws IOException;
}
