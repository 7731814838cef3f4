package chorale.protocol;

import java.util.Optional;
import java.util.function.Function;

/**
 * The verdict on a received message. Immutable.
 *
 * @param <T> type of the value made from an accepted message
 */
public sealed interface Judgment<T> {
  /** A valid message, to be processed. */
  record Accepted<T>(T value) implements Judgment<T> {}

  /** A valid message that is known to fail, to be answered with the error. */
  record Failed<T>(T value, ReplyError error, String detail) implements Judgment<T> {}

  /**
   * A request with properties out of range; the aggregator answers {@code no_answer} with {@code
   * bad_request}.
   *
   * @param value with defaults in place of the invalid properties
   */
  record Bad<T>(T value, String detail) implements Judgment<T> {}

  /** A message that is ignored and counted. */
  record Ignored<T>(IgnoredReason reason) implements Judgment<T> {}

  /** Returns the value of an accepted or failed message; empty for the others. */
  default Optional<T> work() {
    if (this instanceof Accepted<T> accepted) {
      return Optional.of(accepted.value());
    }
    return this instanceof Failed<T> failed ? Optional.of(failed.value()) : Optional.empty();
  }

  /** Returns the same verdict with the function applied to its value. */
  default <R> Judgment<R> map(Function<T, R> function) {
    if (this instanceof Accepted<T> accepted) {
      return new Accepted<>(function.apply(accepted.value()));
    }
    if (this instanceof Failed<T> failed) {
      return new Failed<>(function.apply(failed.value()), failed.error(), failed.detail());
    }
    return this instanceof Bad<T> bad
        ? new Bad<>(function.apply(bad.value()), bad.detail())
        : new Ignored<>(((Ignored<T>) this).reason());
  }
}
