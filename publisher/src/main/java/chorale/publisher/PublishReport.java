package chorale.publisher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;

/**
 * The totals of a run. Immutable.
 *
 * @param requests number of frames published, without repeats
 * @param results number of requests with a result of any status
 * @param duplicates number of further results for finished requests, unless marked repeated
 * @param labeled number of finished requests with a labeled image, including lost requests but not
 *     unsure answers
 * @param correct number of {@code labeled} requests whose result names the label
 * @param traffic volume published, without repeats
 * @param latency from publish to result; absent without any result
 */
public record PublishReport(
    long requests,
    long results,
    long duplicates,
    long answered,
    long partial,
    long unsure,
    long noAnswer,
    long labeled,
    long correct,
    Traffic traffic,
    Optional<Latency> latency) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Mean and percentiles of the response time, in milliseconds. */
  public record Latency(double mean, double p50, double p90, double p99, double max) {}

  /**
   * Sizes summed over all requests.
   *
   * @param imageBytes size of the original images
   * @param frameBytes size of the frames sent
   */
  public record Traffic(long imageBytes, long frameBytes) {}

  /** Returns whether every request got its result. */
  public boolean isComplete() {
    return results == requests;
  }

  /**
   * Returns the share of labeled images that were classified correctly, 0 to 1, without unsure
   * ones.
   */
  public Optional<Double> accuracy() {
    return labeled == 0 ? Optional.empty() : Optional.of((double) correct / labeled);
  }

  /** Returns one JSON object; the response times are null without any result. */
  public String toJson() {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("requests", requests);
      json.writeNumberField("results", results);
      json.writeNumberField("duplicates", duplicates);
      json.writeNumberField("answered", answered);
      json.writeNumberField("partial", partial);
      json.writeNumberField("unsure", unsure);
      json.writeNumberField("no_answer", noAnswer);
      json.writeNumberField("labeled", labeled);
      json.writeNumberField("correct", correct);
      json.writeNumberField("image_bytes", traffic.imageBytes());
      json.writeNumberField("frame_bytes", traffic.frameBytes());
      json.writeObjectFieldStart("latency_ms");
      writeMillis(json, "mean", latency.map(Latency::mean));
      writeMillis(json, "p50", latency.map(Latency::p50));
      writeMillis(json, "p90", latency.map(Latency::p90));
      writeMillis(json, "p99", latency.map(Latency::p99));
      writeMillis(json, "max", latency.map(Latency::max));
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("the in-memory generator failed", e);
    }
    return out.toString();
  }

  private static void writeMillis(JsonGenerator json, String field, Optional<Double> millis)
      throws IOException {
    if (millis.isPresent()) {
      json.writeNumberField(field, Math.rint(millis.get() * 1e3) / 1e3);
    } else {
      json.writeNullField(field);
    }
  }
}
