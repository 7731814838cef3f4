package chorale.dashboard;

import chorale.protocol.Bytes;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An open page with a bounded queue of unsent events. The dashboard adds events; one thread of the
 * web server takes them. If a page reads too slowly, its queue is closed; the page reconnects and
 * receives the full state.
 */
public final class Tab {
  private static final int MAX_WAITING = 32;

  private final boolean pictures;
  private final ArrayBlockingQueue<Bytes> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicReference<Runnable> whenClosed = new AtomicReference<>(() -> {});
  private volatile boolean closed;

  /**
   * @param pictures whether its viewer may see the cameras' thumbnails
   */
  Tab(boolean pictures) {
    this.pictures = pictures;
  }

  boolean pictures() {
    return pictures;
  }

  /** Adds an event, or closes the page if the queue is full. For the dashboard. */
  void put(Bytes event) {
    if (!closed && !waiting.offer(event)) {
      close();
    }
  }

  /** Returns the next event; empty if none arrives in time. */
  public Optional<Bytes> take(long millis) throws InterruptedException {
    return Optional.ofNullable(waiting.poll(millis, TimeUnit.MILLISECONDS));
  }

  /**
   * Sets an action that runs once when the page is closed, or now if it is closed; it interrupts a
   * blocked write.
   */
  public void onClose(Runnable action) {
    whenClosed.set(action);
    if (closed) {
      close();
    }
  }

  public void close() {
    closed = true;
    whenClosed.getAndSet(() -> {}).run();
  }

  public boolean isClosed() {
    return closed;
  }
}
