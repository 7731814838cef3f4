package chorale.broker;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters of the messages that the broker has dropped, expired, refused or not retained since its
 * start. Thread-safe.
 */
final class BrokerCounters {
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong expired = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile String slowClient = "";

  /** Counts a message dropped because this client's queue is full. */
  void drop(String client) {
    slowClient = client;
    dropped.incrementAndGet();
  }

  /** Counts messages that expired before their client read them. */
  void expire(int messages) {
    if (messages > 0) {
      expired.addAndGet(messages);
    }
  }

  /** Counts a message that was refused, or delivered but not retained. */
  void refuse() {
    refused.incrementAndGet();
  }

  long dropped() {
    return dropped.get();
  }

  long expired() {
    return expired.get();
  }

  long refused() {
    return refused.get();
  }

  /** Returns the client for which a message was dropped last. */
  String slowClient() {
    return slowClient;
  }
}
