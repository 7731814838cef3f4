package chorale.mqtt;

import chorale.protocol.Message;
import chorale.protocol.Qos;
import chorale.protocol.Ticker;
import chorale.protocol.bus.PublishException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A bounded queue of messages to publish, including those in flight. Messages are sent in order,
 * and the number in flight is limited. When a connection is lost, at-least-once messages in flight
 * return to the head of the queue in order, and at-most-once messages fail. Thread-safe and
 * non-blocking.
 */
final class Outbox {

  /** Sends one message without waiting. */
  @FunctionalInterface
  interface Link {
    /**
     * @param taken called once the broker has accepted the message, or refused it (with the
     *     reason); not called if the connection is lost first
     */
    void send(Message message, Consumer<Optional<PublishException>> taken);
  }

  /** A queued message. */
  private static final class Entry {
    private final Message message;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final long sinceNanos;

    /**
     * Number of times that the broker ended the connection because of a message, while this message
     * was in flight.
     */
    private int blames;

    private Entry(Message message, long sinceNanos) {
      this.message = message;
      this.sinceNanos = sinceNanos;
    }

    private boolean isExpired(long now) {
      return message.properties().expirySeconds().isPresent()
          && now - sinceNanos
              >= TimeUnit.SECONDS.toNanos(message.properties().expirySeconds().getAsInt());
    }

    private boolean isKept() {
      return message.qos() == Qos.AT_LEAST_ONCE && blames < MAX_BLAMES;
    }
  }

  /**
   * Number of connections, ended because of a message, after which a message that was in flight on
   * all of them fails.
   */
  private static final int MAX_BLAMES = 3;

  private final int maxMessages;
  private final long maxBytes;
  private final Ticker ticker;

  // Guarded by this.
  private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
  private final Set<Entry> inFlight = new LinkedHashSet<>();
  private Optional<Link> link = Optional.empty();
  private Optional<String> closed = Optional.empty();
  private int permits;
  private long waitingBytes;

  /**
   * Number of pending calls of {@link #drain}. Only the thread that raises it from 0 to 1 sends
   * messages, so they stay in order.
   */
  private final AtomicInteger drains = new AtomicInteger();

  Outbox(int maxMessages, long maxBytes, Ticker ticker) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
    this.ticker = ticker;
  }

  CompletionStage<Void> offer(Message message) {
    Entry entry = new Entry(message, ticker.nanos());
    Optional<String> refusal = accept(entry);
    if (refusal.isPresent()) {
      fail(List.of(entry), refusal.get());
    } else {
      drain();
    }
    return untouched(entry.done);
  }

  /** Returns a copy that the caller cannot complete. It fails with the original exception. */
  private static CompletionStage<Void> untouched(CompletableFuture<Void> done) {
    CompletableFuture<Void> copy = new CompletableFuture<>();
    var unused =
        done.whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                copy.complete(null);
              } else {
                copy.completeExceptionally(failure);
              }
            });
    return copy;
  }

  private synchronized Optional<String> accept(Entry entry) {
    if (closed.isPresent()) {
      return closed;
    }
    if (link.isEmpty() && entry.message.qos() == Qos.AT_MOST_ONCE) {
      return Optional.of("no connection; at-most-once messages are not queued");
    }
    int size = entry.message.payload().size();
    if (waiting.size() >= maxMessages || (!waiting.isEmpty() && waitingBytes + size > maxBytes)) {
      return Optional.of(
          "outbox full: %d messages, %d bytes wait to be sent (allowed: %d messages, %d bytes)"
              .formatted(waiting.size(), waitingBytes, maxMessages, maxBytes));
    }
    waiting.addLast(entry);
    waitingBytes += size;
    return Optional.empty();
  }

  /**
   * Sends messages over this link from now on, at most {@code newPermits} unacknowledged at a time.
   */
  void attach(Link newLink, int newPermits) {
    synchronized (this) {
      link = Optional.of(newLink);
      permits = newPermits;
    }
    drain();
  }

  /**
   * Removes the link after the loss of the connection.
   *
   * @param blamed whether the broker ended it because of a sent message; a message that is in
   *     flight repeatedly in this case fails, so that a message that the broker rejects is not sent
   *     forever
   */
  void detach(boolean blamed, String reason) {
    List<Entry> lost = new ArrayList<>();
    synchronized (this) {
      link = Optional.empty();
      List<Entry> kept = new ArrayList<>();
      for (Entry entry : inFlight) {
        entry.blames += blamed ? 1 : 0;
        (entry.isKept() ? kept : lost).add(entry);
      }
      inFlight.clear();
      for (Entry entry : waiting) {
        (entry.isKept() ? kept : lost).add(entry);
      }
      waiting.clear();
      waiting.addAll(kept);
      waitingBytes = kept.stream().mapToLong(entry -> entry.message.payload().size()).sum();
    }
    fail(lost, reason);
  }

  /** Fails all waiting messages. After {@link #detach} these are all messages. */
  void discardWaiting() {
    List<Entry> discarded;
    synchronized (this) {
      discarded = List.copyOf(waiting);
      waiting.clear();
      waitingBytes = 0;
    }
    fail(discarded, "discarded before it was sent");
  }

  /** Fails all remaining and all future messages. */
  void close(String reason) {
    List<Entry> left = new ArrayList<>();
    synchronized (this) {
      if (closed.isEmpty()) {
        closed = Optional.of(reason);
      }
      link = Optional.empty();
      left.addAll(inFlight);
      left.addAll(waiting);
      inFlight.clear();
      waiting.clear();
      waitingBytes = 0;
    }
    fail(left, reason);
  }

  private void drain() {
    if (drains.getAndIncrement() != 0) {
      return;
    }
    int served = 1;
    do {
      while (sendNext()) {}
      served = drains.addAndGet(-served);
    } while (served != 0);
  }

  /** Sends the next message; returns whether there may be more. */
  private boolean sendNext() {
    Entry entry;
    Link over;
    boolean expired;
    synchronized (this) {
      if (link.isEmpty() || inFlight.size() >= permits || waiting.isEmpty()) {
        return false;
      }
      entry = waiting.removeFirst();
      waitingBytes -= entry.message.payload().size();
      over = link.get();
      expired = entry.isExpired(ticker.nanos());
      if (!expired) {
        inFlight.add(entry);
      }
    }
    if (expired) {
      fail(List.of(entry), "expired while it waited for a connection");
    } else {
      over.send(entry.message, refusal -> taken(entry, over, refusal));
    }
    return true;
  }

  private void taken(Entry entry, Link over, Optional<PublishException> refusal) {
    synchronized (this) {
      boolean current = link.isPresent() && link.get() == over;
      if (!current || !inFlight.remove(entry)) {
        return;
      }
    }
    if (refusal.isPresent()) {
      entry.done.completeExceptionally(refusal.get());
    } else {
      entry.done.complete(null);
    }
    drain();
  }

  private static void fail(List<Entry> entries, String reason) {
    for (Entry entry : entries) {
      entry.done.completeExceptionally(new PublishException(reason));
    }
  }
}
