package chorale.evaluation.measurement;

import static chorale.protocol.Result.MissingReason.NOT_ASKED;
import static chorale.protocol.Result.MissingReason.NOT_NEEDED;

import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import java.util.Optional;

/**
 * The outcome of one frame. Immutable.
 *
 * @param image index of the image, from 0
 * @param nanos from publishing the frame, or its due time, to its result; without a result, until
 *     the camera gave up
 */
public record Response(RequestKey key, int image, long nanos, Optional<Result> result) {
  public double millis() {
    return nanos / 1e6;
  }

  /** Returns whether the whole fleet contributed to the result, unsure results included. */
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

  /**
   * Returns the part of the response time from the frame's arrival at the aggregator to its
   * decision.
   */
  public double windowMillis() {
    return result.map(Result::latencyMillis).orElse(0.0);
  }

  /** Returns the longest work time of a vote at its worker: decode, resize and inference. */
  public double workMillis() {
    return result.stream()
        .flatMap(each -> each.answered().stream())
        .mapToDouble(Result.Answered::inferenceMillis)
        .max()
        .orElse(0);
  }
}
