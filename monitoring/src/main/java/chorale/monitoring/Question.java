package chorale.monitoring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A question to the thread that owns a service's state, which answers it in its next turn. So
 * counters need no lock; a turn costs one volatile read where nobody asks, and a thread that hangs
 * is noticed. Safe for several threads.
 */
public final class Question<T> {
  private static final long PATIENCE_SECONDS = 5;

  private final AtomicReference<CompletableFuture<T>> open = new AtomicReference<>();
  private final Supplier<T> answer;
  private final Runnable wake;

  /**
   * @param answer is run by the owner's thread
   * @param wake makes the owner take a turn soon
   */
  public Question(Supplier<T> answer, Runnable wake) {
    this.answer = answer;
    this.wake = wake;
  }

  /**
   * @throws TimeoutException the owner took no turn in {@value #PATIENCE_SECONDS} s
   */
  public T ask() throws TimeoutException, InterruptedException {
    CompletableFuture<T> asked =
        open.updateAndGet(waiting -> waiting == null ? new CompletableFuture<>() : waiting);
    wake.run();
    try {
      return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it so", e);
    }
  }

  /** For the owner, once a turn. */
  public void turn() {
    if (open.get() != null) {
      open.getAndSet(null).complete(answer.get());
    }
  }
}
