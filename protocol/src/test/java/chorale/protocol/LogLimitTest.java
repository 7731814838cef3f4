package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LogLimitTest {
  private static final long SPAN = LogLimit.SPAN.toNanos();

  @Test
  void allows_sameSubject_onceInTenMinutes() {
    LogLimit limit = new LogLimit();
    long start = Long.MAX_VALUE - SPAN / 2; // the ticker overflows during the test
    assertTrue(limit.allows("pi1", start));
    assertTrue(limit.allows("pi2", start + 1));
    assertFalse(limit.allows("pi1", start + SPAN - 1));
    assertTrue(limit.allows("pi1", start + SPAN));
    assertFalse(limit.allows("pi1", start + SPAN + 1));
  }

  @Test
  void allows_manySubjects_100LinesInTenMinutes() {
    LogLimit limit = new LogLimit();
    int lines = 0;
    for (int i = 0; i < 1000; i++) {
      lines += limit.allows("stranger" + i, 0) ? 1 : 0;
    }
    assertEquals(LogLimit.MAX_LINES, lines);
    assertTrue(limit.allows("pi1", SPAN));
  }
}
