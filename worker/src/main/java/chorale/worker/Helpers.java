package chorale.worker;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Those who work beside a worker's own thread, each on one that it is lent: a helper sleeps until
 * it is called, and then works for as long as there is work. It opens an engine of its own when it
 * is first called, and closes it at the end. Thread-safe.
 */
final class Helpers implements AutoCloseable {
  private final int count;
  private final Supplier<Engine> engines;
  private final Predicate<Engine> work;
  private final Semaphore wanted = new Semaphore(0);
  private final Semaphore ended = new Semaphore(0);
  private volatile boolean closing;

  private Helpers(int count, Supplier<Engine> engines, Predicate<Engine> work) {
    this.count = count;
    this.engines = engines;
    this.work = work;
  }

  /**
   * @param threads lends one to each at once, until the end
   * @param work does some, on the thread that calls it and with its engine, and says whether there
   *     was any
   */
  static Helpers start(
      int count, Executor threads, Supplier<Engine> engines, Predicate<Engine> work) {
    Helpers helpers = new Helpers(count, engines, work);
    for (int i = 0; i < count; i++) {
      threads.execute(helpers::help);
    }
    return helpers;
  }

  /** One of them, if one sleeps. Does not wait. */
  void call() {
    if (count > 0 && wanted.availablePermits() == 0) {
      wanted.release();
    }
  }

  private void help() {
    try {
      wanted.acquireUninterruptibly();
      if (!closing) {
        workUntilClosed();
      }
    } finally {
      ended.release();
    }
  }

  private void workUntilClosed() {
    try (Engine own = engines.get()) {
      while (!closing) {
        if (!work.test(own)) {
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
