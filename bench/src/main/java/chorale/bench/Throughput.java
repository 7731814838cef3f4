package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A throughput measurement with a constant number of frames in flight.
 *
 * @param inFlight the number of frames in flight, below the capacity of a worker's queue
 * @param count the number of images in a sample
 */
record Throughput(LiveSystem system, int inFlight, int count) implements Rounds.Subject {
  /** Images a second that all workers of the system answered. */
  static final String RATE = "rate";

  @Override
  public String name() {
    return system.name();
  }

  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
    List<Bytes> all = system.images();
    List<Bytes> images = IntStream.range(0, count).mapToObj(i -> all.get(i % all.size())).toList();
    long start = System.nanoTime();
    List<Response> responses = system.camera().askMany(images, inFlight);
    double seconds = (System.nanoTime() - start) / 1e9;
    long unanswered = responses.stream().filter(each -> !each.isAnswered()).count();
    if (unanswered > 0) {
      throw new MeasurementException(
          "%s did not answer %d of %d requests".formatted(name(), unanswered, count));
    }
    return Map.of(RATE, count / seconds);
  }
}
