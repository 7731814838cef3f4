package chorale.cli.service;

import java.util.concurrent.locks.LockSupport;

/**
 * A wait of precise length. A parked thread wakes late, by Linux's timer slack of 50 us and by the
 * scheduler. So this wait parks until shortly before the end, and then spins.
 */
final class ExactPause {
  /** The wake-up delay that the wait absorbs: the longest time that it spins. */
  private static final long LATENESS_NANOS = 100_000;

  private ExactPause() {}

  /**
   * Waits this long; returns at once if the thread is interrupted, and keeps the interrupt flag.
   */
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
