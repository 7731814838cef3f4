package chorale.mqtt;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;

/**
 * The thread pool of one Paho client. If an unchecked exception ends Paho's receiver or sender,
 * Paho continues without it. This pool reports the exception, so that the connection is closed at
 * once. Thread-safe.
 */
final class PahoThreads extends ScheduledThreadPoolExecutor {
  /** Paho's sender, receiver, callback, connect and ping threads. */
  private static final int THREADS = 5;

  private final Consumer<Throwable> died;

  /**
   * @param died receives the exception that ended a task, on the task's thread
   */
  PahoThreads(String name, Consumer<Throwable> died) {
    super(THREADS, work -> PahoBus.daemon(work, name));
    this.died = died;
  }

  @Override
  protected void afterExecute(Runnable task, Throwable thrown) {
    super.afterExecute(task, thrown);
    if (thrown != null) {
      died.accept(thrown);
    } else if (task instanceof Future<?> future && future.isDone() && !future.isCancelled()) {
      try {
        future.get();
      } catch (ExecutionException e) {
        died.accept(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
