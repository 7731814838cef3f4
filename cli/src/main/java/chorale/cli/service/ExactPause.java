package chorale.cli.service;

import java.util.concurrent.locks.LockSupport;

/**
 * A wait that ends when it should. A parked thread wakes late: by Linux's timer slack of 50 us and
 * by what it takes to get a processor again. So it parks until shortly before the end and looks at
 * the clock for the rest.
 */
final class ExactPause {
  /** How late a parked thread may wake without being late in the end; what is spun at most. */
  private static final long LATENESS_NANOS = 100_000;

  private ExactPause() {}

  /** Ends early, and at once, on an interrupted thread, which stays interrupted. */
  static void nanos(long nanos) {
    long begun = System.nanoTime();
    long left = nanos;
    while (left > 0 && !Thread.currentThread().isInterrupted()) {
      if (left > LATENESS_NANOS) {
        LockSupport.parkNanos(left - LATENESS_NANOS);
      } else {
        Thread.onSpinWait();
      }
      left = nanos - (System.nanoTime() - begun);
    }
  }
}
