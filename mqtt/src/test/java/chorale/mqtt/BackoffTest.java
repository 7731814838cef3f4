package chorale.mqtt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.bus.ConnectionSettings.Timing;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final long SEED = 11;

  private final Backoff backoff =
      new Backoff(
          new Timing(
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofMillis(100),
              Duration.ofMillis(700)),
          new Random(SEED));

  private void expectNext(long mostMillis) {
    expectNext(true, mostMillis);
  }

  private void expectNext(boolean listens, long mostMillis) {
    long next = backoff.nextMillis(listens);
    assertTrue(next >= mostMillis / 2 && next <= mostMillis, () -> next + " of " + mostMillis);
  }

  @Test
  void nextMillis_repeatedFailures_doublesUpToTheMaximum() {
    for (long most : new long[] {100, 200, 400, 700, 700}) {
      expectNext(most);
    }
    backoff.reset();
    expectNext(100);
  }

  @Test
  void nextMillis_nothingListens_staysShort() {
    expectNext(100);
    expectNext(200);
    expectNext(400);
    for (int i = 0; i < 9; i++) {
      expectNext(false, 100);
    }
    expectNext(100);
    expectNext(200);
  }
}
