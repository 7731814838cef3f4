package chorale.protocol;

import java.time.Instant;
import java.util.Objects;

/**
 * Whether a worker's votes count, as the site's trust topic of it says. Immutable.
 *
 * @param by {@link #OPERATOR}, or {@code aggregator NAME}
 * @param reason of the state, for people
 * @param since when the state began
 * @param rightChecks passed in a row, up to {@link #MAX_RIGHT_CHECKS}
 */
public record Trust(
    String worker, State state, String by, String reason, Instant since, int rightChecks) {
  public static final String OPERATOR = "operator";
  public static final int MAX_RIGHT_CHECKS = 10;
  public static final int MAX_REASON = 200;

  /** Whether votes count. */
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
    if (by.length() > MAX_REASON || reason.length() > MAX_REASON) {
      throw new IllegalArgumentException(
          "reason: " + reason.length() + " characters (allowed: up to " + MAX_REASON + ")");
    }
  }

  public boolean isQuarantined() {
    return state == State.QUARANTINED;
  }

  /** Whether it has failed a check although its votes count: too many are quarantined already. */
  public boolean isSuspected() {
    return !isQuarantined() && !isByOperator() && !reason.isEmpty();
  }

  /** Whether it says more than that nothing is known. */
  public boolean tells() {
    return isQuarantined() || rightChecks > 0 || !reason.isEmpty();
  }

  /** Whether only an operator changes it. */
  public boolean isByOperator() {
    return by.equals(OPERATOR);
  }
}
