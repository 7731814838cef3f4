package chorale.aggregator;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Result;
import chorale.protocol.Result.Answer;
import chorale.protocol.Result.Status;
import chorale.protocol.Topics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A debouncer of each camera's class, for automations. It publishes a class, retained, when enough
 * results in a row have it and it differs from the last published one. {@code unsure} is a value
 * like a class. A {@code no_answer} is skipped: it neither counts nor interrupts a row. Owned by
 * the aggregator's thread.
 *
 * <p>At most {@value #MAX_CAMERAS} cameras are kept; the one with the oldest last result is removed
 * first. If that camera returns, its class is published again after a full row.
 */
final class SteadyClasses {
  /**
   * Smaller than the default outbox, so that all classes can be published again after a reconnect.
   * The broker keeps an evicted camera's class as long as {@link LatestResults} keeps the camera.
   */
  static final int MAX_CAMERAS = LatestResults.MAX_CAMERAS;

  private static final MessageProperties TEXT =
      MessageProperties.NONE.withContentType("text/plain");

  private final int steady;
  private final Topics topics;
  private final Consumer<Message> publisher;

  /** Rows by camera, in the order of their last results. */
  private final Map<String, Row> rows = new LinkedHashMap<>(16, .75f, true);

  /** The latest run of equal values of a camera. */
  private static final class Row {
    private String value = "";
    private int length;
    private Optional<String> published = Optional.empty();
  }

  /**
   * @param steady number of equal results in a row; 0 is off
   * @param publisher sends a message
   */
  SteadyClasses(int steady, Topics topics, Consumer<Message> publisher) {
    this.steady = steady;
    this.topics = topics;
    this.publisher = publisher;
  }

  /**
   * Handles the result of a request.
   *
   * @param publishes whether this aggregator published the result, and thus publishes the class too
   */
  void hear(Result result, boolean publishes) {
    if (steady == 0 || result.answer().isEmpty()) {
      return;
    }
    Row row = rows.computeIfAbsent(result.camera(), camera -> new Row());
    if (rows.size() > MAX_CAMERAS) {
      rows.remove(rows.keySet().iterator().next());
    }
    String value = value(result.status(), result.answer().get());
    row.length = value.equals(row.value) ? Math.min(steady, row.length + 1) : 1;
    row.value = value;
    if (row.length == steady && !row.published.equals(Optional.of(value))) {
      row.published = Optional.of(value);
      if (publishes) {
        publish(result.camera(), value);
      }
    }
  }

  private static String value(Status status, Answer answer) {
    return status == Status.UNSURE ? status.label() : answer.name();
  }

  /** Publishes all kept classes again. */
  void publishAgain() {
    rows.forEach((camera, row) -> row.published.ifPresent(value -> publish(camera, value)));
  }

  private void publish(String camera, String value) {
    publisher.accept(Message.retained(topics.steadyClass(camera), Bytes.utf8(value)).with(TEXT));
  }

  /** Forgets all rows, because others have published since. */
  void clear() {
    rows.clear();
  }

  int size() {
    return rows.size();
  }
}
