package chorale.protocol;

import java.util.Optional;
import java.util.function.Function;

/**
 * What a message turned out to be. Immutable.
 *
 * @param <T> what is made of an accepted one
 */
public sealed interface Judgement<T> {
  /** Work to be done. */
  record Accepted<T>(T value) implements Judgement<T> {}

  /** Work that is known to fail: its sender is told so. */
  record Failed<T>(T value, ReplyError error, String detail) implements Judgement<T> {}

  /**
   * A request whose properties are out of range: answered {@code no_answer} with {@code
   * bad_request}.
   *
   * @param value with defaults in place of what was wrong
   */
  record Bad<T>(T value, String detail) implements Judgement<T> {}

  /** Counted and left alone. */
  record Ignored<T>(IgnoredReason reason) implements Judgement<T> {}

  /** What is to be done, or fails; empty for the others. */
  default Optional<T> work() {
    if (this instanceof Accepted<T> accepted) {
      return Optional.of(accepted.value());
    }
    return this instanceof Failed<T> failed ? Optional.of(failed.value()) : Optional.empty();
  }

  /** The same judgement of what the function makes of the value. */
  default <R> Judgement<R> map(Function<T, R> function) {
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
