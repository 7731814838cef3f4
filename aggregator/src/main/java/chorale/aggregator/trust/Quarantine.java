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
 * A reputation record of each board, in the manner of BOINC's adaptive replication: {@value
 * Trust#MAX_RIGHT_CHECKS} right checks in a row make the next ones {@value #RARER} times rarer, one
 * wrong check starts anew. A wrong check also quarantines the board, {@value
 * Trust#MAX_RIGHT_CHECKS} right ones in a row release it. One owning thread; times are nanoseconds
 * of any ticker.
 *
 * <p>Never more than a given number of boards are quarantined at once without an operator, whose
 * boards count too: further ones are reported only. What an operator quarantines, an operator
 * releases. At most {@value Fleet#MAX_MEMBERS} boards are kept; the oldest record of a trusted one
 * is forgotten first.
 */
public final class Quarantine {
  /** How much rarer the checks of a board become. */
  public static final int RARER = 10;

  private final int boards;
  private final long everyNanos;
  private final String by;
  private final Clock clock;
  private final Map<String, Standing> standings = new LinkedHashMap<>();

  /** What a check has changed. */
  public enum Change {
    NONE,
    QUARANTINED,
    RELEASED,
    /** It has failed, and as many boards as may be are quarantined already. */
    ONE_TOO_MANY
  }

  /**
   * What is known of a board.
   *
   * @param dueNanos of its next check
   * @param askedNanos when it was last asked; before that, so that it may be at once
   */
  private record Standing(Trust trust, long dueNanos, long askedNanos) {}

  /**
   * @param boards that may be quarantined at once without an operator
   * @param every time between two checks of a board that has not yet passed many
   * @param by who decides here, see {@link Trust#by()}
   * @param clock for the stamps of decisions alone
   */
  public Quarantine(int boards, Duration every, String by, Clock clock) {
    this.boards = boards;
    this.everyNanos = every.toNanos();
    this.by = by;
    this.clock = clock;
  }

  /**
   * A board was checked.
   *
   * @param why it has failed, for people
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

  /** Of a board of which nothing is known, good or bad. */
  public Trust unknown(String worker) {
    return decided(worker, State.TRUSTED, "");
  }

  /** Somebody else has decided: an operator, or another aggregator. */
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
        // those stay
      }
      each.remove();
    }
    return standing;
  }

  private Standing standing(String worker, long nowNanos) {
    Standing known = standings.get(worker);
    return known != null ? known : put(unknown(worker), nowNanos);
  }

  // ---- what follows

  public boolean isQuarantined(String worker) {
    Standing known = standings.get(worker);
    return known != null && known.trust().isQuarantined();
  }

  /** By name. */
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

  /** Empty for a board that was never checked. */
  public Optional<Trust> trust(String worker) {
    return Optional.ofNullable(standings.get(worker)).map(Standing::trust);
  }

  /** All that is known, for others. */
  public List<Trust> all() {
    return standings.values().stream().map(Standing::trust).toList();
  }

  // ---- when

  /** Which of these boards are to be checked by now; one that is new, after the usual time. */
  public List<String> due(Collection<String> workers, long nowNanos) {
    return workers.stream()
        .filter(worker -> standing(worker, nowNanos).dueNanos() - nowNanos <= 0)
        .toList();
  }

  /** A check is under way: the next one is not due before the usual time, answered or not. */
  public void asked(String worker, long nowNanos) {
    Standing known = standing(worker, nowNanos);
    long next = nowNanos + everyNanos;
    long due = known.dueNanos() - next < 0 ? next : known.dueNanos();
    standings.put(worker, new Standing(known.trust(), due, nowNanos));
  }

  /** A board that may be wrong is checked at once, but no more often than others. */
  public void suspect(String worker, long nowNanos) {
    Standing known = standing(worker, nowNanos);
    long next = known.askedNanos() + everyNanos;
    long due = next - nowNanos < 0 ? nowNanos : next;
    standings.put(worker, new Standing(known.trust(), due, known.askedNanos()));
  }
}
