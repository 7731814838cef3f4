package chorale.evaluation.comparison;

import chorale.evaluation.comparison.Comparison.Wire;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.evaluation.measurement.Rounds;
import chorale.evaluation.measurement.WireWatch;
import chorale.protocol.Bytes;
import chorale.protocol.Result;
import chorale.protocol.Strategy;
import chorale.protocol.bus.BusFactory;
import chorale.site.Board;
import chorale.site.LocalSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running site of one strategy, with its boards and a camera. It owns the processes and the
 * camera's connection; close it after use. Used by one thread.
 */
final class StrategySite implements Rounds.Subject, AutoCloseable {
  static final String MILLIS = "ms";

  /** The tier of the result, from 1. */
  static final String TIER = "tier";

  private static final double THROUGHPUT_SECONDS = 5;
  private static final int WATCHED_IMAGES = 8;
  private static final long WATCH_NANOS = 100_000_000;

  private final Contender contender;
  private final LocalSite site;
  private final Camera camera;
  private final OfflineAnswers answers;
  private int turns;
  private int asTheory;

  StrategySite(Contender contender, LocalSite site, Camera camera, OfflineAnswers answers) {
    this.contender = contender;
    this.site = site;
    this.camera = camera;
    this.answers = answers;
  }

  Contender contender() {
    return contender;
  }

  List<Board> boards() {
    return site.boards();
  }

  OfflineAnswers answers() {
    return answers;
  }

  LocalSite site() {
    return site;
  }

  @Override
  public String name() {
    return contender.label();
  }

  /** Measures one image, without other requests; each turn takes the next image. */
  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
    int image = turns++ % answers.count();
    Response response = camera.ask(answers.content(image));
    if (!isAnswered(response)) {
      throw new MeasurementException(
          "strategy " + contender.label() + " did not answer: " + response.result());
    }
    Result result = response.result().orElseThrow();
    asTheory += isAsTheory(result, image) ? 1 : 0;
    return Map.of(MILLIS, response.millis(), TIER, (double) tier(result));
  }

  private static int tier(Result result) {
    return result.answer().flatMap(Result.Answer::tier).orElse(1);
  }

  /**
   * Returns the share of the answers so far that match the offline answers of the same networks.
   */
  double agreement() {
    return turns == 0 ? 1 : (double) asTheory / turns;
  }

  static boolean isAnswered(Response response) {
    return response.result().flatMap(Result::answer).isPresent();
  }

  /** Returns whether a result's class is the offline answer of the networks that voted. */
  boolean isAsTheory(Result result, int image) {
    List<String> voters = new ArrayList<>();
    result.answered().forEach(each -> voters.add(each.variant()));
    return result
        .answer()
        .map(answer -> answer.index() == answers.expected(voters, image))
        .orElse(false);
  }

  /**
   * Returns answers per second with {@link ComparisonRun#IN_FLIGHT} requests in flight.
   *
   * @param usualMillis response time of a single request, to choose the number of requests
   */
  double throughput(double usualMillis) throws MeasurementException, InterruptedException {
    double parallel = contender.strategy().isFused() ? 1 : boards().size();
    double expected = THROUGHPUT_SECONDS * 1_000 / usualMillis * parallel;
    int count = (int) Math.max(ComparisonRun.IN_FLIGHT, Math.min(2_000, expected));
    long start = System.nanoTime();
    List<Response> responses = camera.askMany(answers.contents(count), ComparisonRun.IN_FLIGHT);
    double seconds = (System.nanoTime() - start) / 1e9;
    return responses.stream().filter(StrategySite::isAnswered).count() / seconds;
  }

  /**
   * Measures payload bytes per image, over a few images.
   *
   * @param rawInputBytes of one image
   */
  Wire wire(double rawInputBytes, BusFactory buses)
      throws MeasurementException, InterruptedException {
    int count = Math.min(WATCHED_IMAGES, answers.count());
    try (WireWatch watch = new WireWatch(contender.topics(), buses)) {
      for (Bytes image : answers.contents(count)) {
        var unused = camera.ask(image);
        watch.drain(WATCH_NANOS);
      }
      int hearers = contender.strategy() == Strategy.MODEL ? 1 : boards().size();
      return new Wire(
          hearers * (double) watch.bytes(WireWatch.Kind.INPUT) / count,
          hearers * rawInputBytes,
          2.0 * watch.bytes(WireWatch.Kind.INTERMEDIATE) / count, // one board sends, one receives
          (double) watch.bytes(WireWatch.Kind.REPLY) / count);
    }
  }

  Optional<Board> board(String name) {
    return boards().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  @Override
  public void close() {
    camera.close();
    site.close();
  }
}
