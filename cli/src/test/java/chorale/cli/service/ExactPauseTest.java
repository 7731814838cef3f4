package chorale.cli.service;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExactPauseTest {
  @Test
  void nanos_neverEndsEarly() {
    for (long nanos : new long[] {-1, 0, 50_000, 300_000, 2_000_000}) {
      long begun = System.nanoTime();
      ExactPause.nanos(nanos);
      assertTrue(System.nanoTime() - begun >= nanos, () -> nanos + " ns");
    }
  }

  @Test
  void nanos_interruptedThread_doesNotWaitAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    ExactPause.nanos(Duration.ofDays(1).toNanos());
    assertTrue(Thread.interrupted());
  }
}
