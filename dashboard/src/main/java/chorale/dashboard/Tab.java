package chorale.dashboard;

import chorale.protocol.Bytes;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An open page, and the bounded queue of the events that it has not received yet. The dashboard
 * puts events in, one thread of the web server takes them out. A page that reads too slowly is
 * closed; it connects again and begins with the full state.
 */
public final class Tab {
  private static final int MAX_WAITING = 32;

  private final boolean pictures;
  private final ArrayBlockingQueue<Bytes> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicReference<Runnable> whenClosed = new AtomicReference<>(() -> {});
  private volatile boolean closed;

  /**
   * @param pictures whether its viewer may see the cameras' pictures
   */
  Tab(boolean pictures) {
    this.pictures = pictures;
  }

  boolean pictures() {
    return pictures;
  }

  /** For the dashboard: adds an event, or closes the page if there is no room. */
  void put(Bytes event) {
    if (!closed && !waiting.offer(event)) {
      close();
    }
  }

  /** The next event; empty if none comes in time. */
  public Optional<Bytes> take(long millis) throws InterruptedException {
    return Optional.ofNullable(waiting.poll(millis, TimeUnit.MILLISECONDS));
  }

  /** Runs once when the page is closed, or now if it is: it ends a write that blocks. */
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
