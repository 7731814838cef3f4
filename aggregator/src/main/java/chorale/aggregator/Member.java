package chorale.aggregator;

import chorale.protocol.AggregatorInfo;
import chorale.protocol.AggregatorInfo.State;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The state of another aggregator of the group, as it announced it. Owned by the aggregator's
 * thread.
 */
final class Member {
  private long session;
  private Standing standing = new Standing();
  private boolean there;
  private int seat = Group.NO_SEAT;
  private long openUntilNanos;
  private OptionalLong lostNanos = OptionalLong.empty();
  private int missed;

  /** Returns whether an announcement implies that the member has dropped its open windows. */
  boolean hasBegunAnew(AggregatorInfo info) {
    return session != info.session() || info.state() == State.JOINING;
  }

  /**
   * @param unseen whether the member may have open windows that this aggregator does not see
   * @return whether the member is new or its state has changed
   */
  boolean hear(AggregatorInfo info, long now, GroupRules rules, boolean unseen) {
    boolean isNew = !there || session != info.session();
    if (isNew && info.state() == State.LEAVING) {
      standing = new Standing(now - rules.take().toNanos()); // it may have owned cameras
    } else if (isNew) {
      standing = new Standing();
    }
    boolean changes = isNew || state() != info.state();
    if (changes) {
      standing.become(info.state(), now);
    }
    session = info.session();
    seat = info.seat();
    if (isNew || unseen) {
      openUntilNanos = now + Duration.ofMillis(info.openMillis()).toNanos();
    }
    there = true;
    missed = 0;
    return changes;
  }

  /** Records the loss of the member: it no longer publishes its open windows. */
  void lose(long now) {
    lostNanos = OptionalLong.of(now);
  }

  void leave() {
    there = false;
  }

  boolean isThere() {
    return there;
  }

  Standing standing() {
    return standing;
  }

  State state() {
    return standing.state();
  }

  int seat() {
    return seat;
  }

  /** Returns when the last window ends that the member had open at its announcement. */
  long openUntilNanos() {
    return openUntilNanos;
  }

  boolean wasLostSince(long nanos) {
    return lostNanos.isPresent() && lostNanos.getAsLong() - nanos >= 0;
  }

  /** Records a missed result and returns the number of misses in a row. */
  int miss() {
    return ++missed;
  }

  int missed() {
    return missed;
  }

  /** Records a result of the member. */
  void answer() {
    missed = 0;
  }
}
