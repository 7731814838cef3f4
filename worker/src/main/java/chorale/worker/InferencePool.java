package chorale.worker;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Those who work beside a worker's own thread, each on one that it is lent: a helper sleeps until
 * it is called, and then works for as long as there is work. It opens an engine of its own when it
 * is called, and closes it, with the memory that this takes, when it is dismissed or at the end.
 * Thread-safe.
 */
final class InferencePool implements AutoCloseable {
  private static final long IDLE_NANOS = 1_000_000_000L;

  private final int count;
  private final Supplier<Engine> engines;
  private final Predicate<Engine> work;
  private final Semaphore wanted = new Semaphore(0);
  private final Semaphore ended = new Semaphore(0);
  private long calledNanos;
  private volatile boolean dismissed = true;
  private volatile boolean closing;

  private InferencePool(int count, Supplier<Engine> engines, Predicate<Engine> work) {
    this.count = count;
    this.engines = engines;
    this.work = work;
  }

  /**
   * @param threads lends one to each at once, until the end
   * @param work does some, on the thread that calls it and with its engine, and says whether there
   *     was any
   */
  static InferencePool start(
      int count, Executor threads, Supplier<Engine> engines, Predicate<Engine> work) {
    InferencePool pool = new InferencePool(count, engines, work);
    for (int i = 0; i < count; i++) {
      threads.execute(pool::help);
    }
    return pool;
  }

  /** One of them, if one sleeps. Does not wait. */
  synchronized void call(long now) {
    if (count == 0) {
      return;
    }
    calledNanos = now;
    dismissed = false;
    if (wanted.availablePermits() == 0) {
      wanted.release();
    }
  }

  /**
   * Dismisses all where none was called for a second, until one is. Who works does so to the end;
   * does not wait.
   *
   * @return nanoseconds until that is due, {@code Long.MAX_VALUE} where nobody is there
   */
  synchronized long dismissIdle(long now) {
    long left = dismissed ? Long.MAX_VALUE : IDLE_NANOS - (now - calledNanos);
    if (left > 0) {
      return left;
    }
    dismissed = true;
    wanted.release(count);
    return Long.MAX_VALUE;
  }

  private void help() {
    try {
      while (!closing) {
        wanted.acquireUninterruptibly();
        if (!closing && !dismissed) {
          workUntilDismissed();
        }
      }
    } finally {
      ended.release();
    }
  }

  private void workUntilDismissed() {
    try (Engine own = engines.get()) {
      while (!closing) {
        if (!work.test(own)) {
          if (dismissed) {
            return;
          }
          wanted.acquireUninterruptibly();
        }
      }
    }
  }

  /** Returns once all have finished what they were at and closed their engines. */
  @Override
  public void close() {
    closing = true;
    wanted.release(count);
    ended.acquireUninterruptibly(count);
    ended.release(count); // for whoever closes again
  }
}
