package chorale.evaluation.measurement;

import static chorale.protocol.Result.MissingReason.NOT_ASKED;
import static chorale.protocol.Result.MissingReason.NOT_NEEDED;

import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import java.util.Optional;

/**
 * What became of one frame.
 *
 * @param image which of those that were asked about, from 0
 * @param nanos from when the frame was published, or should have been, to its result; until the
 *     camera gave up where there is none
 */
public record Response(RequestKey key, int image, long nanos, Optional<Result> result) {
  public double millis() {
    return nanos / 1e6;
  }

  /** Whether the whole fleet stands behind the result, sure or not. */
  public boolean isAnswered() {
    return result.isPresent()
        && switch (result.get().status()) {
          case ANSWERED -> true;
          case UNSURE ->
              result.get().missing().stream()
                  .allMatch(each -> each.reason() == NOT_NEEDED || each.reason() == NOT_ASKED);
          case PARTIAL, NO_ANSWER -> false;
        };
  }

  /** Of the whole time, from when the aggregator heard of the frame until it decided. */
  public double windowMillis() {
    return result.map(Result::latencyMillis).orElse(0.0);
  }

  /** The longest time that one of the votes took at its worker: decode, resize, infer. */
  public double workMillis() {
    return result.stream()
        .flatMap(each -> each.answered().stream())
        .mapToDouble(Result.Answered::inferenceMillis)
        .max()
        .orElse(0);
  }
}
