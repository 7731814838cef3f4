package chorale.protocol;

import java.util.Objects;

/**
 * An aggregator's request to the workers of a later tier to answer a frame that they have kept.
 * Immutable.
 *
 * @param key of the request
 * @param leftMillis time left until its deadline, 1 to 60000
 */
public record Ask(RequestKey key, int leftMillis) {
  public Ask {
    Objects.requireNonNull(key, "key");
    if (leftMillis < Limits.MIN_BUDGET_MILLIS || leftMillis > Limits.MAX_BUDGET_MILLIS) {
      throw new IllegalArgumentException(
          "%d ms left (allowed: %d to %d)"
              .formatted(leftMillis, Limits.MIN_BUDGET_MILLIS, Limits.MAX_BUDGET_MILLIS));
    }
  }
}
