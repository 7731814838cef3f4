package chorale.bench;

import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A site that answers a camera, asked about one image at a time. One owning thread.
 *
 * @param settleMillis to wait after each answer, where a fleet decides before all have answered
 */
record LiveSystem(String name, Camera camera, List<Bytes> images, int settleMillis)
    implements Rounds.Subject {
  /** From an image published to its result received, in milliseconds. */
  static final String RESPONSE = "response";

  /** What the slowest of the voters says its decode, resize and inference took. */
  static final String WORK = "work";

  /** The response less that work: what the network and all queues cost. */
  static final String OVERHEAD = "overhead";

  /**
   * Of the overhead, what lies outside the aggregator's window: the frame's hop and the result's.
   */
  static final String OUTSIDE = "frame and result";

  /**
   * Of the overhead, what lies in the window: the reply's hop, and what goes on at both its ends.
   */
  static final String INSIDE = "reply";

  /** All response times of some systems, by name. */
  static Map<String, List<Double>> responses(Rounds rounds, List<String> systems) {
    Map<String, List<Double>> responses = new LinkedHashMap<>();
    systems.forEach(each -> responses.put(each, rounds.all(each, RESPONSE)));
    return responses;
  }

  /** The same system, about other images. */
  LiveSystem about(String otherName, List<Bytes> others) {
    return new LiveSystem(otherName, camera, others, settleMillis);
  }

  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
    Response response = camera.ask(images.get(turn % images.size()));
    if (!response.isAnswered()) {
      throw new MeasurementException(
          name
              + " did not answer: "
              + response
                  .result()
                  .map(result -> result.status().label() + ", missing " + result.missing())
                  .orElse("no result"));
    }
    if (settleMillis > 0) {
      Thread.sleep(settleMillis);
    }
    return Map.of(
        RESPONSE, response.millis(),
        WORK, response.workMillis(),
        OVERHEAD, response.millis() - response.workMillis(),
        OUTSIDE, response.millis() - response.windowMillis(),
        INSIDE, response.windowMillis() - response.workMillis());
  }
}
