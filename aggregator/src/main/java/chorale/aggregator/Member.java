package chorale.aggregator;

import chorale.protocol.AggregatorInfo;
import chorale.protocol.AggregatorInfo.State;
import java.time.Duration;
import java.util.OptionalLong;

/** Another aggregator of the group, as it was heard. Owned by the aggregator's thread. */
final class Member {
  private long session;
  private Standing standing = new Standing();
  private boolean there;
  private int seat = Group.NO_SEAT;
  private long openUntilNanos;
  private OptionalLong lostNanos = OptionalLong.empty();
  private int missed;

  /** Whether an announcement says that it has dropped all that it had open. */
  boolean hasBegunAnew(AggregatorInfo info) {
    return session != info.session() || info.state() == State.JOINING;
  }

  /**
   * @param unseen whether windows may open there that this aggregator does not see
   * @return whether it is new, or its state is another
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

  /** Whatever it had open, it does not publish any more. */
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

  /** When the last window is over that it had open when it was heard. */
  long openUntilNanos() {
    return openUntilNanos;
  }

  boolean wasLostSince(long nanos) {
    return lostNanos.isPresent() && lostNanos.getAsLong() - nanos >= 0;
  }

  /** It owed a result; how many in a row by now. */
  int miss() {
    return ++missed;
  }

  int missed() {
    return missed;
  }

  /** A result of it was heard. */
  void answer() {
    missed = 0;
  }
}
