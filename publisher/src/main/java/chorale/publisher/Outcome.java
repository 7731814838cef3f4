package chorale.publisher;

import chorale.protocol.Result;
import java.util.Optional;

/**
 * What became of one request. Immutable.
 *
 * @param imageName of the image that was published
 * @param label the class it shows, where known
 * @param result absent where none came: the request is lost
 * @param latencyNanos from the first publish to the arrival of the result, or to giving up
 * @param published how often the frame was published, 1 to 3
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

  /** The class that the result names. */
  public Optional<String> predicted() {
    return result.flatMap(Result::answer).map(Result.Answer::name);
  }

  public boolean isUnsure() {
    return result.filter(each -> each.status() == Result.Status.UNSURE).isPresent();
  }

  /** Whether the label was hit; empty without a label, or where the answer is unsure. */
  public Optional<Boolean> correct() {
    return isUnsure()
        ? Optional.empty()
        : label.map(expected -> predicted().filter(expected::equals).isPresent());
  }
}
