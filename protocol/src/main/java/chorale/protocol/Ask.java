package chorale.protocol;

import java.util.Objects;

/**
 * An aggregator's question to the workers of a tier: answer this frame too. Immutable.
 *
 * @param key of the request, whose frame they have kept
 * @param leftMillis until its deadline, 1 to 60000
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
