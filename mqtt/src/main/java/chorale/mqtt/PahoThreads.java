package chorale.mqtt;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;

/**
 * The threads of one Paho client. Paho lets an unchecked exception end its receiver or sender and
 * goes on without it; here it is reported, so that the connection can be given up at once. Safe for
 * several threads.
 */
final class PahoThreads extends ScheduledThreadPoolExecutor {
  /** Paho's sender, receiver, callback and connect, and its pings. */
  private static final int THREADS = 5;

  private final Consumer<Throwable> died;

  /**
   * @param died hears what ended a task; runs on its thread
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
