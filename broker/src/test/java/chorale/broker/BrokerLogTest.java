package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.protocol.CapturedLog;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerLogTest {
  private final CapturedLog captured = new CapturedLog(EmbeddedBroker.class);
  private long nowNanos;
  private final BrokerLog log = new BrokerLog(() -> nowNanos);

  @AfterEach
  void release() {
    captured.close();
  }

  private static Who who(String clientId, String address) {
    return new Who(clientId, Optional.of("gate"), address);
  }

  @Test
  void warn_newIdEachTime_isLoggedAFewTimes() {
    for (int i = 0; i < 100; i++) {
      log.warn("publish", who("random-" + i, "1.2.3.4"), "line " + i);
    }
    assertEquals(List.of("line 0", "line 1", "line 2"), captured.lines());
  }

  @Test
  void warn_sameKindAndClient_isLoggedOnceInTenMinutes() {
    log.warn("publish", who("a", "1.2.3.4"), "first");
    log.warn("publish", who("a", "1.2.3.4"), "second");
    log.warn("subscribe", who("a", "1.2.3.4"), "other kind");
    log.warn("publish", who("b", "1.2.3.4"), "other client");
    assertEquals(List.of("first", "other kind", "other client"), captured.lines());
    nowNanos += 10L * 60 * 1_000_000_000;
    log.warn("publish", who("a", "1.2.3.4"), "again");
    assertEquals("again", captured.lines().get(3));
  }

  @Test
  void warn_endlesslyManyClients_isBounded() {
    for (int i = 0; i < 10_000; i++) {
      log.warn("publish", who("client", "10.0." + i / 256 + '.' + i % 256), "line " + i);
    }
    assertEquals(BrokerLog.MAX_REPORTS + 1, captured.lines().size());
    assertEquals(
        "further reports about clients are suppressed for up to 10 minutes",
        captured.lines().get(BrokerLog.MAX_REPORTS));
  }

  @Test
  void shown_textFromTheNetwork_isOneShortLine() {
    assertEquals("a?b?", BrokerLog.shown("a\nb\u001b"));
    assertEquals("x".repeat(120) + "...", BrokerLog.shown("x".repeat(500)));
    assertEquals("Küche", BrokerLog.shown("Küche"));
  }
}
