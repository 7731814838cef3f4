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
 * A live site with a camera that sends one image at a time. Owned by one thread.
 *
 * @param settleMillis the wait after each result, for fleets that decide before all workers have
 *     replied
 */
record LiveSystem(String name, Camera camera, List<Bytes> images, int settleMillis)
    implements Rounds.Subject {
  /** The time from publishing an image to receiving its result, in ms. */
  static final String RESPONSE = "response";

  /** The reported time of decode, resize and inference of the slowest voter. */
  static final String WORK = "work";

  /** The response time minus that work: the time in the network and in queues. */
  static final String OVERHEAD = "overhead";

  /** The part of the overhead outside the aggregator's window: the hops of frame and result. */
  static final String OUTSIDE = "frame and result";

  /** The part of the overhead within the window: the reply's hop and the work at both its ends. */
  static final String INSIDE = "reply";

  /** Returns all response times of some systems, by name. */
  static Map<String, List<Double>> responses(Rounds rounds, List<String> systems) {
    Map<String, List<Double>> responses = new LinkedHashMap<>();
    systems.forEach(each -> responses.put(each, rounds.all(each, RESPONSE)));
    return responses;
  }

  /** Returns the same system with other images. */
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
