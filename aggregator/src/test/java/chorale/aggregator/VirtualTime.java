package chorale.aggregator;

import chorale.protocol.Ticker;
import java.util.PriorityQueue;

/**
 * A discrete-event simulation: a clock and a queue of future events. Events run one by one in the
 * order of their times; on a tie, in the order in which they were scheduled. A running event can
 * {@link #spend} time, which delays the events that it schedules. The clock overflows 2 s after the
 * start, so that times must be compared by subtraction.
 */
final class VirtualTime implements Ticker {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;
  private static final long START = Long.MAX_VALUE - 2 * SECOND;

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now = START;
  private long spent;
  private long scheduled;

  private record Event(long nanos, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.signum(nanos - other.nanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  @Override
  public long nanos() {
    return now + spent;
  }

  /** Returns the nanoseconds since the start. */
  long elapsedNanos() {
    return nanos() - START;
  }

  /** Adds to the duration of the running event. */
  void spend(long nanos) {
    spent += nanos;
  }

  void at(long nanos, Runnable action) {
    long due = nanos - nanos() < 0 ? nanos() : nanos;
    events.add(new Event(due, scheduled++, action));
  }

  void after(long delayNanos, Runnable action) {
    at(nanos() + delayNanos, action);
  }

  /** Runs all events of the next {@code nanos} nanoseconds. */
  void run(long nanos) {
    long end = now + nanos;
    while (!events.isEmpty() && events.peek().nanos() - end <= 0) {
      Event next = events.poll();
      now = next.nanos();
      spent = 0;
      next.action().run();
    }
    now = end;
    spent = 0;
  }
}
