package chorale.protocol;

import java.time.Instant;
import java.util.Objects;

/**
 * The trust state of a worker, published retained: whether its votes count. Immutable.
 *
 * @param by {@link #OPERATOR}, or {@code aggregator NAME}
 * @param reason of the state, for people
 * @param since start of the state
 * @param rightChecks checks passed in a row, up to {@link #MAX_RIGHT_CHECKS}
 */
public record Trust(
    String worker, State state, String by, String reason, Instant since, int rightChecks) {
  public static final String OPERATOR = "operator";
  public static final int MAX_RIGHT_CHECKS = 10;
  public static final int MAX_REASON = 200;

  /** The trust states of a worker. */
  public enum State {
    TRUSTED,
    QUARANTINED
  }

  public Trust {
    Names.require("worker", worker);
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(since, "since");
    if (rightChecks < 0 || rightChecks > MAX_RIGHT_CHECKS) {
      throw new IllegalArgumentException(
          "right checks: " + rightChecks + " (allowed: 0 to " + MAX_RIGHT_CHECKS + ")");
    }
    requireShort("by", by);
    requireShort("reason", reason);
  }

  private static void requireShort(String field, String text) {
    if (text.length() > MAX_REASON) {
      throw new IllegalArgumentException(
          field + ": " + text.length() + " characters (allowed: up to " + MAX_REASON + ")");
    }
  }

  public boolean isQuarantined() {
    return state == State.QUARANTINED;
  }

  /**
   * Returns whether the worker failed a check but still votes, because too many are in quarantine.
   */
  public boolean isSuspected() {
    return !isQuarantined() && !isByOperator() && !reason.isEmpty();
  }

  /** Returns whether the state differs from that of an unchecked worker. */
  public boolean tells() {
    return isQuarantined() || rightChecks > 0 || !reason.isEmpty();
  }

  /** Returns whether an operator set the state. Only an operator then ends a quarantine. */
  public boolean isByOperator() {
    return by.equals(OPERATOR);
  }
}
