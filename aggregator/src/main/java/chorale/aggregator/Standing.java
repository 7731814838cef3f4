package chorale.aggregator;

import chorale.protocol.AggregatorInfo.State;
import java.time.Duration;

/**
 * The state of a group member (joining, ready or leaving) and the time of its last change. Owned by
 * the aggregator's thread.
 */
final class Standing {
  private State state;
  private long changedNanos;
  private long readyNanos;

  /** Creates the standing of a member that has just begun to join. */
  Standing() {
    this.state = State.JOINING;
  }

  /** Creates the standing of a member that has been ready since then. */
  Standing(long readyNanos) {
    this.state = State.READY;
    this.changedNanos = readyNanos;
    this.readyNanos = readyNanos;
  }

  State state() {
    return state;
  }

  void become(State next, long now) {
    readyNanos = next == State.LEAVING && state == State.READY ? readyNanos : now;
    state = next;
    changedNanos = now;
  }

  /** Returns the nanoseconds since the last change. */
  long age(long now) {
    return now - changedNanos;
  }

  boolean isBefore(long nanos) {
    return changedNanos - nanos < 0;
  }

  /** Returns whether the member could own cameras at the time {@code now - ago}. */
  boolean isIn(long now, Duration ago) {
    long nanos = ago.toNanos();
    return switch (state) {
      case JOINING -> false;
      case READY -> now - readyNanos >= nanos;
      case LEAVING -> now - readyNanos >= nanos && now - changedNanos < nanos;
    };
  }
}
