package chorale.cli;

import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.protocol.Result;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.site.Board;
import chorale.site.LocalSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One strategy as it runs: its site, the boards on it, and a camera that asks. Used by one thread;
 * close it.
 */
final class StrategySite implements Rounds.Subject, AutoCloseable {
  static final String MILLIS = "ms";

  private final Strategy strategy;
  private final List<Board> boards;
  private final LocalSite site;
  private final Camera camera;
  private final Images images;
  private int turns;
  private int asTheory;

  /** The images that are asked about, and what the theory says of each. */
  interface Images {
    Bytes content(int image);

    int count();

    /** What these networks together answer to this image. */
    int expected(List<String> networks, int image);
  }

  StrategySite(
      Strategy strategy, List<Board> boards, LocalSite site, Camera camera, Images images) {
    this.strategy = strategy;
    this.boards = List.copyOf(boards);
    this.site = site;
    this.camera = camera;
    this.images = images;
  }

  static Topics topics(Strategy strategy) {
    return new Topics("compare-" + strategy.label());
  }

  Strategy strategy() {
    return strategy;
  }

  List<Board> boards() {
    return boards;
  }

  Images images() {
    return images;
  }

  LocalSite site() {
    return site;
  }

  Camera camera() {
    return camera;
  }

  @Override
  public String name() {
    return strategy.label();
  }

  /** One image, alone; another in each turn. */
  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
    int image = turns++ % images.count();
    Response response = camera.ask(images.content(image));
    if (!isAnswered(response)) {
      throw new MeasurementException(
          "strategy " + strategy.label() + " did not answer: " + response.result());
    }
    asTheory += isAsTheory(response.result().orElseThrow(), image) ? 1 : 0;
    return Map.of(MILLIS, response.millis());
  }

  /** The share of the answers so far that are those of the same networks offline. */
  double agreement() {
    return turns == 0 ? 1 : (double) asTheory / turns;
  }

  static boolean isAnswered(Response response) {
    return response.result().flatMap(Result::answer).isPresent();
  }

  /** Whether a result's class is what the networks that voted answer offline. */
  boolean isAsTheory(Result result, int image) {
    List<String> voters = new ArrayList<>();
    result.answered().forEach(each -> voters.add(each.variant()));
    return result
        .answer()
        .map(answer -> answer.index() == images.expected(voters, image))
        .orElse(false);
  }

  Optional<Board> board(String name) {
    return boards.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  @Override
  public void close() {
    camera.close();
    site.close();
  }
}
