package chorale.monitoring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A query to the thread that owns a service's state, answered in its next turn. Therefore counters
 * need no lock, a turn without a query costs one volatile read, and a thread that hangs is
 * detected. Thread-safe.
 */
public final class Question<T> {
  private static final long PATIENCE_SECONDS = 5;

  private final AtomicReference<CompletableFuture<T>> open = new AtomicReference<>();
  private final Supplier<T> answer;
  private final Runnable wake;

  /**
   * @param answer runs on the owner's thread
   * @param wake makes the owner take a turn soon
   */
  public Question(Supplier<T> answer, Runnable wake) {
    this.answer = answer;
    this.wake = wake;
  }

  /**
   * @throws TimeoutException if the owner takes no turn within {@value #PATIENCE_SECONDS} s
   */
  public T ask() throws TimeoutException, InterruptedException {
    CompletableFuture<T> asked =
        open.updateAndGet(waiting -> waiting == null ? new CompletableFuture<>() : waiting);
    wake.run();
    try {
      return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a query never completes exceptionally", e);
    }
  }

  /** Answers an open query. The owner calls this once in each turn. */
  public void turn() {
    if (open.get() != null) {
      open.getAndSet(null).complete(answer.get());
    }
  }
}
