package chorale.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Threads that work beside a worker's own: each sleeps until it is called, and then works for as
 * long as there is work. It opens an engine of its own when it is first called, and closes it at
 * the end. Thread-safe.
 */
final class Helpers implements AutoCloseable {
  private final Supplier<Engine> engines;
  private final Predicate<Engine> work;
  private final Semaphore wanted = new Semaphore(0);
  private final List<Thread> threads = new ArrayList<>();

  private Helpers(Supplier<Engine> engines, Predicate<Engine> work) {
    this.engines = engines;
    this.work = work;
  }

  /**
   * @param work does some, on the thread that calls it and with its engine, and says whether there
   *     was any
   */
  static Helpers start(int count, Supplier<Engine> engines, Predicate<Engine> work) {
    Helpers helpers = new Helpers(engines, work);
    for (int i = 1; i <= count; i++) {
      Thread thread = new Thread(helpers::help, "helper-" + i);
      thread.setDaemon(true);
      thread.start();
      helpers.threads.add(thread);
    }
    return helpers;
  }

  /** One of them, if one sleeps. Does not wait. */
  void call() {
    if (!threads.isEmpty() && wanted.availablePermits() == 0) {
      wanted.release();
    }
  }

  private void help() {
    try {
      wanted.acquire();
      try (Engine own = engines.get()) {
        while (true) {
          if (!work.test(own)) {
            wanted.acquire();
          }
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Returns once all have finished what they were at and closed their engines. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
