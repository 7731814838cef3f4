package chorale.broker;

import java.util.concurrent.atomic.AtomicLong;

/** What the broker has not passed on since its start. Safe for several threads. */
final class BrokerCounters {
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong expired = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile String slowClient = "";

  /** A message found no room in the queue of this client. */
  void drop(String client) {
    slowClient = client;
    dropped.incrementAndGet();
  }

  /** Messages whose time was over before their client took them. */
  void expire(int messages) {
    if (messages > 0) {
      expired.addAndGet(messages);
    }
  }

  /** A message of a client was not taken. */
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

  /** The client for whom a message was dropped last. */
  String slowClient() {
    return slowClient;
  }
}
