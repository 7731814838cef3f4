package chorale.aggregator;

import chorale.protocol.Ticker;
import java.util.PriorityQueue;

/**
 * A clock and the queue of everything that is still to happen: discrete-event simulation. Events
 * run one by one in the order of their times, equal ones in the order in which they were scheduled.
 * While an event runs, its time can be {@link #spend spent}: what it schedules then comes later.
 * The clock overflows two seconds after the start, so that whoever compares times must subtract.
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

  /** Since the start. */
  long elapsedNanos() {
    return nanos() - START;
  }

  /** The running event takes so long. */
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

  /** Runs all events of the next so many nanoseconds. */
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
