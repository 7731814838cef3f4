package chorale.dashboard;

import chorale.protocol.Failure;
import chorale.protocol.PrintableText;
import chorale.protocol.Result;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The card of a camera: its last result, the interval of its results, and its last thumbnail. */
final class CameraCard extends Card {
  /** Maximum number of votes, and of missing votes, in a card. */
  private static final int MAX_PARTS = 32;

  private static final int MAX_CLASSES = 5;
  private static final int MAX_TEXT = 80;

  /** Weight of a new interval in the moving average of the intervals between results. */
  private static final double GAP_WEIGHT = 0.2;

  private Optional<Result> result = Optional.empty();
  private long resultMillis;
  private long results;
  private double gapMillis;
  private String leader = "";

  private long pictureVersion;
  private long pictureMillis;
  private String pictureError = "";

  CameraCard(String name) {
    super(name);
  }

  /**
   * Stores a result.
   *
   * @param millis time of arrival, or of the decision if the message was retained
   */
  void result(Result next, long millis) {
    if (result.isPresent() && millis > resultMillis) {
      long gap = millis - resultMillis;
      gapMillis = gapMillis == 0 ? gap : gapMillis + GAP_WEIGHT * (gap - gapMillis);
    }
    result = Optional.of(next);
    resultMillis = millis;
    results++;
    heard(millis);
  }

  Optional<Result> result() {
    return result;
  }

  void picture(long version, long millis) {
    pictureVersion = version;
    pictureMillis = millis;
    pictureError = "";
  }

  void pictureFailed(String why) {
    pictureError = PrintableText.line(why, MAX_TEXT);
  }

  /**
   * Sets the aggregator that publishes its results.
   *
   * @param aggregator empty if none is ready
   * @return whether it changed
   */
  boolean led(String aggregator) {
    boolean changes = !leader.equals(aggregator);
    leader = aggregator;
    return changes;
  }

  SiteSnapshot.Camera snapshot() {
    return new SiteSnapshot.Camera(name(), result, resultMillis);
  }

  @Override
  void write(JsonGenerator json) throws IOException {
    json.writeNumberField("heard", heardMillis());
    json.writeNumberField("results", results);
    json.writeNumberField("every", Math.round(gapMillis));
    json.writeStringField("leader", leader);
    if (pictureVersion > 0) {
      json.writeNumberField("picture", pictureVersion);
      json.writeNumberField("pictureAt", pictureMillis);
    }
    if (!pictureError.isEmpty()) {
      json.writeStringField("pictureError", pictureError);
    }
    if (result.isPresent()) {
      json.writeNumberField("at", resultMillis);
      write(json, result.get());
    }
  }

  /** Writes the fields of a result into an open object. */
  static void write(JsonGenerator json, Result result) throws IOException {
    json.writeStringField("status", result.status().label());
    json.writeStringField("by", result.decidedBy().label());
    json.writeStringField("aggregator", text(result.origin().aggregator()));
    json.writeNumberField("latency", number(result.latencyMillis()));
    json.writeNumberField("deadline", result.deadlineMillis());
    write(json, result.error());
    if (result.answer().isPresent()) {
      Result.Answer answer = result.answer().get();
      json.writeStringField("class", text(answer.name()));
      json.writeNumberField("confidence", number(answer.confidence()));
      json.writeNumberField("withstands", answer.withstands());
      if (answer.tier().isPresent()) {
        json.writeNumberField("tier", answer.tier().get());
      }
      json.writeArrayFieldStart("top");
      for (Result.Scored each : first(answer.topk(), MAX_CLASSES)) {
        json.writeStartObject();
        json.writeStringField("class", text(each.name()));
        json.writeNumberField("score", number(each.score()));
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeArrayFieldStart("votes");
    for (Result.Answered vote : first(result.answered(), MAX_PARTS)) {
      json.writeStartObject();
      json.writeStringField("variant", text(vote.variant()));
      json.writeStringField("worker", text(vote.worker()));
      json.writeStringField("class", text(vote.name()));
      json.writeNumberField("p", number(vote.probability()));
      json.writeNumberField("ms", number(vote.inferenceMillis()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("missing");
    for (Result.Missing missing : first(result.missing(), MAX_PARTS)) {
      json.writeStartObject();
      json.writeStringField("variant", text(missing.variant()));
      json.writeStringField("reason", missing.reason().label());
      write(json, missing.error());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, Optional<Failure> error) throws IOException {
    if (error.isPresent()) {
      json.writeStringField("error", text(error.get().code()));
      json.writeStringField("detail", error.get().detail());
    }
  }

  private static <T> List<T> first(List<T> all, int max) {
    return all.subList(0, Math.min(max, all.size()));
  }

  private static String text(String text) {
    return PrintableText.line(text, MAX_TEXT);
  }

  /** Rounds to four decimals; values that are not finite or too large become 0. */
  static double number(double value) {
    return Double.isFinite(value) && Math.abs(value) < 1e9 ? Math.rint(value * 1e4) / 1e4 : 0;
  }
}
