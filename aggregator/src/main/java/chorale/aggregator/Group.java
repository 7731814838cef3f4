package chorale.aggregator;

import chorale.protocol.AggregatorInfo;
import chorale.protocol.AggregatorInfo.State;
import chorale.protocol.Labels;
import chorale.protocol.RendezvousHash;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The group of a site's aggregators, from the point of view of one member. Each camera has one
 * owner: of the members that have been ready for long enough ({@link Succession#standing}), the one
 * with the highest {@link RendezvousHash}. The owner publishes; the others keep the same windows
 * and take over when it is lost or late. Owned by the aggregator's thread; times are nanoseconds of
 * its ticker.
 *
 * <p>A member counts once a live message of it arrives, because a retained one may be of a process
 * that ended long ago. All others therefore announce themselves again to a new member. A change of
 * the group takes effect in two steps: the old owner releases a camera first, and the new owner
 * takes it later. A result may be late in between, but is never published twice.
 */
final class Group {
  private static final System.Logger LOG = System.getLogger(Group.class.getName());
  private static final int MAX_MEMBERS = 64;

  /** The seat of a member that does not know the others yet. */
  static final int NO_SEAT = -1;

  private final String own;
  private final GroupRules rules;

  private final NavigableMap<String, Member> members = new TreeMap<>();
  private final Standing standing = new Standing();
  private int seat = NO_SEAT;

  /**
   * Whether no other member owned a camera when this one became ready. This one then owned all
   * cameras immediately.
   */
  private boolean founder;

  /** Whether unknown members may exist: from a start or a new join until the group has settled. */
  private boolean othersPossible = true;

  /** When all other members are known; empty until the subscriptions are granted. */
  private OptionalLong settledNanos = OptionalLong.empty();

  private OptionalLong lastLossNanos = OptionalLong.empty();
  private OptionalLong lastSilenceNanos = OptionalLong.empty();

  Group(String own, GroupRules rules) {
    this.own = own;
    this.rules = rules;
  }

  State state() {
    return standing.state();
  }

  /** Begins to join; forgets all other members. */
  void join(long now) {
    othersPossible |= hasOthers();
    members.clear();
    lastLossNanos = OptionalLong.empty();
    lastSilenceNanos = OptionalLong.empty();
    settledNanos = OptionalLong.empty();
    founder = false;
    seat = NO_SEAT;
    standing.become(State.JOINING, now);
  }

  /** Starts the wait for the others' announcements. */
  void subscribed(long now) {
    settledNanos = OptionalLong.of(now + rules.settle().toNanos());
  }

  /**
   * Takes the lowest free seat once the other members are known. Members that join at the same time
   * take seats in the order of their names. The seat determines this member's turns, so that two
   * members never publish at the same time, even if they know different members.
   */
  void sit() {
    othersPossible = false;
    seat = NO_SEAT;
    Set<Integer> taken = new HashSet<>();
    TreeSet<String> unseated = new TreeSet<>(List.of(own));
    members.forEach(
        (name, member) -> {
          if (member.isThere() && member.seat() == NO_SEAT) {
            unseated.add(name);
          } else if (member.isThere()) {
            taken.add(member.seat());
          }
        });
    int untilOwn = unseated.headSet(own, true).size();
    for (int each = 0; each < untilOwn; each++) {
      seat = 0;
      while (!taken.add(seat)) {
        seat++;
      }
    }
  }

  int seat() {
    return seat;
  }

  /** Returns whether another member has the same seat and this one must take a new one. */
  boolean isSeatLost() {
    return seat != NO_SEAT
        && members.headMap(own).values().stream()
            .anyMatch(member -> member.isThere() && member.seat() == seat);
  }

  /** Begins to leave: finishes open windows, and leaves new ones to the others. */
  void leave(long now) {
    standing.become(State.LEAVING, now);
  }

  /**
   * Takes the next step if it is due.
   *
   * @return whether this aggregator becomes ready
   */
  boolean advance(long now) {
    if (state() != State.JOINING || isUnsettled(now) || openUntil(now) - now > 0) {
      return false;
    }
    founder = isFirst();
    if (!founder && isLedByJoiner() && now - settledNanos.orElse(now) < rules.slot().toNanos()) {
      return false;
    }
    standing.become(State.READY, now);
    return true;
  }

  /**
   * Returns whether there are other members and all of them are joining. One of them then becomes
   * ready first, as the founder.
   */
  private boolean isLedByJoiner() {
    return hasOthers()
        && members.values().stream()
            .allMatch(member -> !member.isThere() || member.state() == State.JOINING);
  }

  /**
   * Returns whether this is the first by name of those that join together, for example after a
   * restart of the broker; it then owns all cameras at once.
   */
  private boolean isFirst() {
    return members.entrySet().stream()
        .filter(each -> each.getValue().isThere())
        .allMatch(
            each -> each.getValue().state() == State.JOINING && each.getKey().compareTo(own) > 0);
  }

  /**
   * Returns the latest end of the others' windows that opened before this aggregator received
   * frames.
   */
  private long openUntil(long now) {
    long longest = settledNanos.orElse(now) + rules.longestJoin().toNanos();
    long last = now;
    for (Member member : members.values()) {
      boolean later = member.openUntilNanos() - last > 0;
      if (later && member.isThere() && member.state() != State.JOINING) {
        last = member.openUntilNanos();
      }
    }
    return longest - last < 0 ? longest : last;
  }

  /**
   * Returns whether the other members or this one's turn are not known yet; nothing is published
   * then.
   */
  boolean isUnsettled(long now) {
    return isSettling(now) || (seat == NO_SEAT && state() == State.JOINING);
  }

  /** Returns whether announcements of the others may still be missing. */
  boolean isSettling(long now) {
    return settledNanos.isEmpty() ? state() == State.JOINING : settledNanos.getAsLong() - now > 0;
  }

  /** Returns whether an orderly stop may end now if this aggregator owns no open window. */
  boolean hasLetGo(long now) {
    return state() == State.LEAVING
        && (!hasOthers() || standing.age(now) >= rules.take().toNanos());
  }

  boolean isLeavingTooLong(long now) {
    return state() == State.LEAVING && standing.age(now) >= rules.longestLeave().toNanos();
  }

  /** Returns the longest wait between two turns of the loop, well below a pause. */
  long longestWaitNanos() {
    return rules.pause().toNanos() / 4;
  }

  /** Returns whether a turn of the loop is so late that others have taken over. */
  boolean wasPaused(long lastTurnNanos, long now) {
    return now - lastTurnNanos >= rules.pause().toNanos();
  }

  // ---- messages of others

  /** Handles a live announcement of a member. */
  void hear(AggregatorInfo info, long now) {
    Member member = members.get(info.name());
    if (member == null && members.size() >= MAX_MEMBERS) {
      return;
    }
    if (member == null) {
      member = new Member();
      members.put(info.name(), member);
    } else if (member.isThere() && member.hasBegunAnew(info)) {
      lose(member, now); // it has dropped its open windows
    } else if (!member.isThere() && !member.hasBegunAnew(info)) {
      return; // sent before its last will, which overtook it on another topic
    }
    if (member.hear(info, now, rules, isUnsettled(now))) {
      LOG.log(Level.INFO, "aggregator {0} is {1}", info.name(), Labels.of(info.state()));
    }
  }

  /** Handles a member's last will or orderly end: it is gone until it joins again. */
  void gone(String name, long now) {
    Member member = members.get(name);
    if (member != null && member.isThere()) {
      lose(member, now);
      member.leave();
      LOG.log(Level.INFO, "aggregator {0} is gone", name);
    }
  }

  private void lose(Member member, long now) {
    member.lose(now);
    if (member.state() != State.JOINING) {
      lastLossNanos = OptionalLong.of(now);
    }
  }

  /**
   * Handles a published result, of this or another member: a member whose turn was earlier, and
   * that had enough time, has missed it. While cameras change owners, members may disagree about
   * the owner; no miss is counted then.
   */
  void published(String by, Window window, long now) {
    boolean hadTime = now - window.deadlineNanos() > rules.late().toNanos();
    if (!hadTime
        || window.isAgain()
        || !window.succession().standing()
        || !wasSteady(window.openedNanos())) {
      return;
    }
    for (String each : window.succession().before()) {
      if (each.equals(by)) {
        return;
      }
      if (!isOut(each, window.openedNanos())) {
        missed(each, now);
        return;
      }
    }
  }

  /**
   * Returns whether the group was unchanged for a while: no member became ready, began to leave,
   * was lost or became silent. The successor of a member that just became silent had no time to
   * publish the open windows.
   */
  private boolean wasSteady(long nanos) {
    long since = nanos - rules.pause().toNanos();
    return isBefore(lastLossNanos, since)
        && isBefore(lastSilenceNanos, since)
        && members.values().stream()
            .allMatch(
                member -> member.state() == State.JOINING || member.standing().isBefore(since));
  }

  private static boolean isBefore(OptionalLong event, long nanos) {
    return event.isEmpty() || event.getAsLong() - nanos < 0;
  }

  private void missed(String name, long now) {
    if (members.get(name).miss() == rules.misses()) {
      lastSilenceNanos = OptionalLong.of(now);
      LOG.log(
          Level.WARNING, "aggregator {0} is silent: not waited for until it sends a message", name);
    }
  }

  /** Records that a result of this member arrived. */
  void alive(String name) {
    Member member = members.get(name);
    if (member != null) {
      member.answer();
    }
  }

  // ---- turns

  /** Returns whether another aggregator is on the site. */
  boolean hasOthers() {
    return members.values().stream().anyMatch(Member::isThere);
  }

  /** Returns whether another aggregator is on the site, or may be on it and is not known yet. */
  boolean mayHaveOthers() {
    return othersPossible || hasOthers();
  }

  /** Returns the present members, including this one. */
  int size() {
    return 1 + (int) members.values().stream().filter(Member::isThere).count();
  }

  /** Returns the time from a window's deadline to the end of the last turn to publish it. */
  Duration turns() {
    return round().plus(rules.late());
  }

  /** Returns the duration of one turn for every seat. */
  private Duration round() {
    int last = members.values().stream().mapToInt(Member::seat).max().orElse(0);
    return rules.slot().multipliedBy(1L + Math.max(last, seat));
  }

  /** Returns whether a member may own cameras, as far as is known. */
  boolean isReady(String name) {
    Member member = members.get(name);
    return member != null && isActive(member) && member.state() == State.READY;
  }

  /**
   * Returns whether this is the first ready member by name, which does the tasks of a single
   * member.
   */
  boolean leads() {
    return state() == State.READY
        && members.headMap(own).keySet().stream().noneMatch(this::isReady);
  }

  Succession succession(String camera, long now) {
    if (!hasOthers()) {
      return Succession.ALONE;
    }
    List<String> candidates = new ArrayList<>(List.of(own));
    members.forEach(
        (name, member) -> {
          if (isIn(member, now, rules.letGo()) || isIn(member, now, rules.take())) {
            candidates.add(name);
          }
        });
    boolean stands = isIn(now, rules.letGo()) && isIn(now, rules.take());
    List<String> order = RendezvousHash.order(camera, candidates);
    List<String> before = new ArrayList<>(order);
    before.remove(own);
    return new Succession(stands, stands ? order.subList(0, order.indexOf(own)) : before);
  }

  /** Returns whether a member owned cameras that long ago, as far as is known. */
  private boolean isIn(Member member, long now, Duration ago) {
    return isActive(member) && member.standing().isIn(now, ago);
  }

  private boolean isIn(long now, Duration ago) {
    return (founder && state() == State.READY) || standing.isIn(now, ago);
  }

  /**
   * Returns when this aggregator may publish a decided window; possibly in the past. Its turn
   * depends on its current seat, because another member may have taken its earlier seat.
   */
  long publishFrom(Window window, long now) {
    if (isUnsettled(now)) {
      return later(settledNanos.orElse(now + rules.settle().toNanos()), now + 1);
    }
    boolean first = isFirst(window);
    long turn = window.deadlineNanos() + (1 + Math.max(seat, 0)) * rules.slot().toNanos();
    long afterLoss = lastLossNanos.orElse(0) + rules.afterLoss().toNanos();
    boolean recentLoss = lastLossNanos.isPresent() && afterLoss - window.openedNanos() > 0;
    // After a loss, the member that is now the first publishes earlier.
    long succeeded = later(turn, afterLoss + rules.late().toNanos());
    long from =
        first ? (recentLoss ? afterLoss : window.openedNanos()) : (recentLoss ? succeeded : turn);
    // If its time has passed because it was not the first or had another seat then, its next turn
    // counts.
    for (long next = turn; isTooLate(from, window, now); next += round().toNanos()) {
      from = next;
    }
    return from;
  }

  /** Returns whether no other member precedes this one for a window now. */
  boolean isFirst(Window window) {
    Succession succession = window.succession();
    return succession.standing()
        && succession.before().stream().allMatch(name -> isOut(name, window.openedNanos()));
  }

  /**
   * Returns whether this aggregator's time to publish, which began at {@code from}, is over and
   * another member's turn has begun.
   */
  private boolean isTooLate(long from, Window window, long now) {
    boolean hasActive = members.values().stream().anyMatch(this::isActive);
    long due = later(later(from, window.deadlineNanos()), settledNanos.orElse(from));
    return hasActive && now - due > rules.late().toNanos();
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  private boolean isActive(Member member) {
    return member.isThere() && member.missed() < rules.misses();
  }

  /** Returns whether an earlier member no longer publishes a window. */
  private boolean isOut(String name, long openedNanos) {
    Member member = members.get(name);
    return member == null || !isActive(member) || member.wasLostSince(openedNanos);
  }
}
