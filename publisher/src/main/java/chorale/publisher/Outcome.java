package chorale.publisher;

import chorale.protocol.Result;
import java.util.Optional;

/**
 * The outcome of one request. Immutable.
 *
 * @param imageName name of the published image
 * @param label the class it shows, if known
 * @param result absent if none arrived: the request is lost
 * @param latencyNanos from the first publish to the arrival of the result or to giving up
 * @param published number of times the frame was published, 1 to 3
 */
public record Outcome(
    String imageName,
    Optional<String> label,
    Optional<Result> result,
    long latencyNanos,
    int published) {

  public double latencyMillis() {
    return latencyNanos / 1e6;
  }

  /** Returns the class named by the result. */
  public Optional<String> predicted() {
    return result.flatMap(Result::answer).map(Result.Answer::name);
  }

  public boolean isUnsure() {
    return result.filter(each -> each.status() == Result.Status.UNSURE).isPresent();
  }

  /**
   * Returns whether the result matches the label; empty without a label or if the answer is unsure.
   */
  public Optional<Boolean> correct() {
    return isUnsure()
        ? Optional.empty()
        : label.map(expected -> predicted().filter(expected::equals).isPresent());
  }
}
