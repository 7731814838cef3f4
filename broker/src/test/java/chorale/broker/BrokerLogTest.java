package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerLogTest {
  private final CapturedLog captured = new CapturedLog();
  private long nowNanos;
  private final BrokerLog log = new BrokerLog(() -> nowNanos);

  @AfterEach
  void release() {
    captured.close();
  }

  @Test
  void warn_sameKindAndClient_isLoggedOnceInTenMinutes() {
    log.warn("publish", "a", "first");
    log.warn("publish", "a", "second");
    log.warn("subscribe", "a", "other kind");
    log.warn("publish", "b", "other client");
    assertEquals(List.of("first", "other kind", "other client"), captured.lines());
    nowNanos += 10L * 60 * 1_000_000_000;
    log.warn("publish", "a", "again");
    assertEquals("again", captured.lines().get(3));
  }

  @Test
  void warn_endlesslyManyClients_isBounded() {
    for (int i = 0; i < 10_000; i++) {
      log.warn("publish", "client-" + i, "line " + i);
    }
    assertEquals(BrokerLog.MAX_REPORTS + 1, captured.lines().size());
    assertEquals(
        "more reports about clients are left out for ten minutes",
        captured.lines().get(BrokerLog.MAX_REPORTS));
  }

  @Test
  void shown_textFromTheNetwork_isOneShortLine() {
    assertEquals("a?b?", BrokerLog.shown("a\nb\u001b"));
    assertEquals("x".repeat(120) + "...", BrokerLog.shown("x".repeat(500)));
    assertEquals("Küche", BrokerLog.shown("Küche"));
  }
}
