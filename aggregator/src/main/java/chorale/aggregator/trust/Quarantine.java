package chorale.aggregator.trust;

import chorale.protocol.Fleet;
import chorale.protocol.Trust;
import chorale.protocol.Trust.State;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A reputation record of all boards, similar to BOINC's adaptive replication. After {@value
 * Trust#MAX_RIGHT_CHECKS} right checks in a row, a board is checked {@value #RARER} times less
 * often. A wrong check resets the count and quarantines the board; {@value Trust#MAX_RIGHT_CHECKS}
 * right checks in a row then release it. Used by one thread; times are nanoseconds of any ticker.
 *
 * <p>A limit applies to the number of quarantined boards: beyond it, further failures are only
 * reported. Boards that an operator has quarantined count toward the limit, but an operator may
 * exceed it. Only an operator releases a board that an operator has quarantined. At most {@value
 * Fleet#MAX_MEMBERS} boards are kept; the oldest record of a trusted board is removed first.
 */
public final class Quarantine {
  /** Factor by which the checks of a reliable board become rarer. */
  public static final int RARER = 10;

  private final int boards;
  private final long everyNanos;
  private final String by;
  private final Clock clock;
  private final Map<String, Standing> standings = new LinkedHashMap<>();

  /** The effect of a check. */
  public enum Change {
    NONE,
    QUARANTINED,
    RELEASED,
    /** The board failed, but the limit of quarantined boards has been reached. */
    ONE_TOO_MANY
  }

  /**
   * The record of a board.
   *
   * @param dueNanos time of its next check
   * @param askedNanos time of its last check; initially far enough in the past to allow one at once
   */
  private record Standing(Trust trust, long dueNanos, long askedNanos) {}

  /**
   * @param boards maximum number of boards quarantined at once without an operator
   * @param every time between two checks of a board until it has passed enough of them
   * @param by author of this instance's decisions, see {@link Trust#by()}
   * @param clock only for the time stamps of decisions
   */
  public Quarantine(int boards, Duration every, String by, Clock clock) {
    this.boards = boards;
    this.everyNanos = every.toNanos();
    this.by = by;
    this.clock = clock;
  }

  /**
   * Records a check of a board.
   *
   * @param why reason of a failure, for people
   */
  public Change checked(String worker, boolean right, String why, long nowNanos) {
    Trust before = standing(worker, nowNanos).trust();
    if (right) {
      int rightChecks = Math.min(Trust.MAX_RIGHT_CHECKS, before.rightChecks() + 1);
      boolean isReleased =
          before.isQuarantined() && !before.isByOperator() && rightChecks == Trust.MAX_RIGHT_CHECKS;
      if (isReleased) {
        put(unknown(worker), nowNanos);
        return Change.RELEASED;
      }
      boolean isCleared = before.isSuspected() && rightChecks == Trust.MAX_RIGHT_CHECKS;
      put(isCleared ? unknown(worker) : with(before, rightChecks), nowNanos);
      return Change.NONE;
    }
    if (before.isQuarantined()) {
      put(with(before, 0), nowNanos);
      return Change.NONE;
    }
    boolean isFull = quarantined().size() >= boards;
    put(decided(worker, isFull ? State.TRUSTED : State.QUARANTINED, why), nowNanos);
    return isFull ? Change.ONE_TOO_MANY : Change.QUARANTINED;
  }

  private Trust decided(String worker, State state, String reason) {
    return new Trust(worker, state, by, reason, clock.instant(), 0);
  }

  private static Trust with(Trust trust, int rightChecks) {
    return new Trust(
        trust.worker(), trust.state(), trust.by(), trust.reason(), trust.since(), rightChecks);
  }

  /** Returns the initial record of a board. */
  public Trust unknown(String worker) {
    return decided(worker, State.TRUSTED, "");
  }

  /** Records a decision of an operator or of another aggregator. */
  public void hear(Trust trust, long nowNanos) {
    put(trust, nowNanos);
  }

  private Standing put(Trust trust, long nowNanos) {
    boolean isRare = trust.rightChecks() == Trust.MAX_RIGHT_CHECKS && !trust.isQuarantined();
    Standing before = standings.get(trust.worker());
    long asked = before == null ? nowNanos - everyNanos : before.askedNanos();
    Standing standing = new Standing(trust, nowNanos + everyNanos * (isRare ? RARER : 1), asked);
    standings.put(trust.worker(), standing);
    if (standings.size() > Fleet.MAX_MEMBERS) {
      Iterator<Standing> each = standings.values().iterator();
      while (each.next().trust().isQuarantined() && each.hasNext()) {
        // quarantined boards stay
      }
      each.remove();
    }
    return standing;
  }

  private Standing standing(String worker, long nowNanos) {
    Standing known = standings.get(worker);
    return known != null ? known : put(unknown(worker), nowNanos);
  }

  // ---- state

  public boolean isQuarantined(String worker) {
    Standing known = standings.get(worker);
    return known != null && known.trust().isQuarantined();
  }

  /** Returns the quarantined workers in the order of names. */
  public Set<String> quarantined() {
    Set<String> names = new TreeSet<>();
    standings.forEach(
        (worker, standing) -> {
          if (standing.trust().isQuarantined()) {
            names.add(worker);
          }
        });
    return names;
  }

  /** Returns the record of a board; empty if there is none. */
  public Optional<Trust> trust(String worker) {
    return Optional.ofNullable(standings.get(worker)).map(Standing::trust);
  }

  /** Returns all records, to publish them. */
  public List<Trust> all() {
    return standings.values().stream().map(Standing::trust).toList();
  }

  // ---- schedule

  /**
   * Returns which of these boards are due for a check; a new board is due after one full interval.
   */
  public List<String> due(Collection<String> workers, long nowNanos) {
    return workers.stream()
        .filter(worker -> standing(worker, nowNanos).dueNanos() - nowNanos <= 0)
        .toList();
  }

  /**
   * Records that a check was sent: the next one is due after the usual interval at the earliest.
   */
  public void asked(String worker, long nowNanos) {
    Standing known = standing(worker, nowNanos);
    long next = nowNanos + everyNanos;
    long due = known.dueNanos() - next < 0 ? next : known.dueNanos();
    standings.put(worker, new Standing(known.trust(), due, nowNanos));
  }

  /** Schedules an early check of a suspect board, but no more often than for others. */
  public void suspect(String worker, long nowNanos) {
    Standing known = standing(worker, nowNanos);
    long next = known.askedNanos() + everyNanos;
    long due = next - nowNanos < 0 ? nowNanos : next;
    standings.put(worker, new Standing(known.trust(), due, known.askedNanos()));
  }
}
