package chorale.protocol.bus;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A bounded queue between a connection and the thread that owns a service's state. Any thread may
 * {@link #offer}; one thread polls. If the queue is full, the topic that takes the most memory
 * loses its oldest message, so no camera evicts the frames of another. A lost frame can leave a
 * small {@link BusEvent.Shed} in its place; otherwise it counts as dropped. Connection events are
 * never dropped.
 */
public final class Inbox {
  /** Memory overhead of one message. */
  private static final int MESSAGE_BYTES = 256;

  private final int maxMessages;
  private final long maxBytes;
  private final Function<BusEvent.Delivered, Optional<BusEvent.Shed>> shed;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<BusEvent> events = new ArrayDeque<>();
  private int messages;
  private int waitingShed;
  private long bytes;

  /** Waiting bytes by topic, including {@link #MESSAGE_BYTES} for each message. */
  private final Map<String, Long> topics = new LinkedHashMap<>();

  private long dropped;
  private boolean woken;

  /** Disconnects that are queued and not polled yet. */
  private int losses;

  public Inbox(int maxMessages, long maxBytes) {
    this(maxMessages, maxBytes, given -> Optional.empty());
  }

  /**
   * @param shed returns what replaces a dropped message, if anything; called on the thread that
   *     offers
   */
  public Inbox(
      int maxMessages, long maxBytes, Function<BusEvent.Delivered, Optional<BusEvent.Shed>> shed) {
    if (maxMessages < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "inbox of %d messages and %d bytes (allowed: at least 1 each)"
              .formatted(maxMessages, maxBytes));
    }
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
    this.shed = shed;
  }

  public void offer(BusEvent event) {
    lock.lock();
    try {
      events.addLast(event);
      if (event instanceof BusEvent.Disconnected) {
        losses++;
      } else if (event instanceof BusEvent.Delivered delivered) {
        messages++;
        bytes += delivered.message().bytes();
        topics.merge(delivered.message().topic(), weight(delivered), Long::sum);
        while (messages > maxMessages || (bytes > maxBytes && messages > 1)) {
          dropOldestOf(fullest());
        }
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private static long weight(BusEvent.Delivered delivered) {
    return delivered.message().bytes() + MESSAGE_BYTES;
  }

  private String fullest() {
    return Collections.max(topics.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  private void dropOldestOf(String topic) {
    for (var each = events.iterator(); each.hasNext(); ) {
      if (each.next() instanceof BusEvent.Delivered oldest
          && oldest.message().topic().equals(topic)) {
        each.remove();
        forget(oldest);
        leave(oldest);
        return;
      }
    }
  }

  private void leave(BusEvent.Delivered given) {
    Optional<BusEvent.Shed> left = waitingShed < maxMessages ? shed.apply(given) : Optional.empty();
    if (left.isPresent()) {
      events.addLast(left.get());
      waitingShed++;
    } else {
      dropped++;
    }
  }

  private void forget(BusEvent.Delivered delivered) {
    messages--;
    bytes -= delivered.message().bytes();
    long weight = weight(delivered);
    topics.computeIfPresent(
        delivered.message().topic(), (topic, held) -> held > weight ? held - weight : null);
  }

  /** Returns the next event without waiting. */
  public Optional<BusEvent> poll() {
    lock.lock();
    try {
      BusEvent event = events.pollFirst();
      if (event instanceof BusEvent.Disconnected) {
        losses--;
      } else if (event instanceof BusEvent.Delivered delivered) {
        forget(delivered);
      } else if (event instanceof BusEvent.Shed) {
        waitingShed--;
      }
      return Optional.ofNullable(event);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for an event, the timeout or {@link #wake}.
   *
   * @return whether there is an event
   */
  public boolean await(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (events.isEmpty() && !woken && left > 0) {
        left = changed.awaitNanos(left);
      }
      woken = false;
      return !events.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a disconnect is queued, even if the connection is up again. */
  public boolean holdsLoss() {
    lock.lock();
    try {
      return losses > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a wait early. */
  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public int size() {
    lock.lock();
    try {
      return events.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of messages dropped since the start. */
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }
}
