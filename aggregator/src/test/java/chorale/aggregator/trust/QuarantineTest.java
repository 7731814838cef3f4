package chorale.aggregator.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.trust.Quarantine.Change;
import chorale.protocol.Fleet;
import chorale.protocol.Trust;
import chorale.protocol.Trust.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The record of each board after passed and failed checks. */
final class QuarantineTest {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final long EVERY = Duration.ofMinutes(1).toNanos();
  private static final String WHY = "its votes differ";

  private final Quarantine quarantine = of(1);
  private long now = -5; // a ticker may start at any value

  private static Quarantine of(int boards) {
    return new Quarantine(
        boards, Duration.ofNanos(EVERY), "aggregator a1", Clock.fixed(NOON, ZoneOffset.UTC));
  }

  private Change right(String worker) {
    return quarantine.checked(worker, true, "", now);
  }

  private Change wrong(String worker) {
    return quarantine.checked(worker, false, WHY, now);
  }

  private boolean isDue(String worker) {
    return !quarantine.due(List.of(worker), now).isEmpty();
  }

  private static Trust byOperator(String worker, State state) {
    return new Trust(worker, state, Trust.OPERATOR, "stolen", NOON, 0);
  }

  @Test
  void checked_wrong_quarantinesWithAReason() {
    assertEquals(Change.QUARANTINED, wrong("pi1"));
    assertTrue(quarantine.isQuarantined("pi1"));
    assertFalse(quarantine.isQuarantined("pi2"));
    assertEquals(
        new Trust("pi1", State.QUARANTINED, "aggregator a1", WHY, NOON, 0),
        quarantine.trust("pi1").orElseThrow());
  }

  @Test
  void checked_tenRightInARow_releasesAndResets() {
    wrong("pi1");
    for (int i = 0; i < 9; i++) {
      assertEquals(Change.NONE, right("pi1"));
    }
    assertTrue(quarantine.isQuarantined("pi1"));
    assertEquals(Change.RELEASED, right("pi1"));
    assertFalse(quarantine.isQuarantined("pi1"));
    assertEquals(0, quarantine.trust("pi1").orElseThrow().rightChecks());
  }

  @Test
  void checked_oneWrongAmongRightOnes_resetsTheRow() {
    wrong("pi1");
    for (int i = 0; i < 9; i++) {
      right("pi1");
    }
    assertEquals(Change.NONE, wrong("pi1"));
    for (int i = 0; i < 9; i++) {
      assertEquals(Change.NONE, right("pi1"));
    }
    assertTrue(quarantine.isQuarantined("pi1"));
  }

  @Test
  void checked_moreWrongThanTheLimit_areReportedAndStillVote() {
    wrong("pi1");
    assertEquals(Change.ONE_TOO_MANY, wrong("pi2"));
    assertEquals(Set.of("pi1"), quarantine.quarantined());
    assertEquals(Change.NONE, wrong("pi1"));
  }

  @Test
  void checked_belowTheLimitAgain_quarantinesTheNextWrongOne() {
    wrong("pi1");
    wrong("pi2");
    quarantine.hear(byOperator("pi1", State.TRUSTED), now);
    assertEquals(Change.QUARANTINED, wrong("pi2"));
  }

  @Test
  void checked_boardsOfAnOperator_countTowardTheLimit() {
    quarantine.hear(byOperator("pi1", State.QUARANTINED), now);
    quarantine.hear(byOperator("pi2", State.QUARANTINED), now);
    assertEquals(Change.ONE_TOO_MANY, wrong("pi3"));
    assertEquals(Set.of("pi1", "pi2"), quarantine.quarantined());
  }

  @Test
  void checked_rightAfterAnOperatorsQuarantine_doesNotRelease() {
    quarantine.hear(byOperator("pi1", State.QUARANTINED), now);
    for (int i = 0; i < 30; i++) {
      assertEquals(Change.NONE, right("pi1"));
    }
    assertTrue(quarantine.isQuarantined("pi1"));
    quarantine.hear(byOperator("pi1", State.TRUSTED), now);
    assertFalse(quarantine.isQuarantined("pi1"));
  }

  @Test
  void checked_wrongAfterAnOperatorsRelease_quarantinesAgain() {
    quarantine.hear(byOperator("pi1", State.TRUSTED), now);
    assertEquals(Change.QUARANTINED, wrong("pi1"));
  }

  @Test
  void due_newBoard_isAfterTheUsualInterval() {
    assertFalse(isDue("pi1"));
    now += EVERY - 1;
    assertFalse(isDue("pi1"));
    now++;
    assertTrue(isDue("pi1"));
    right("pi1");
    assertFalse(isDue("pi1"));
  }

  @Test
  void due_afterTenRightChecks_isTenTimesRarerUntilAWrongOne() {
    for (int i = 0; i < 10; i++) {
      right("pi1");
    }
    now += 10 * EVERY - 1;
    assertFalse(isDue("pi1"));
    now++;
    assertTrue(isDue("pi1"));
    wrong("pi1");
    now += EVERY;
    assertTrue(isDue("pi1"));
  }

  @Test
  void due_quarantinedBoardWithRightChecks_isNotRarer() {
    quarantine.hear(byOperator("pi1", State.QUARANTINED), now);
    for (int i = 0; i < 10; i++) {
      right("pi1");
    }
    now += EVERY;
    assertTrue(isDue("pi1"));
  }

  @Test
  void suspect_isDueAtOnceAndKeepsItsRecord() {
    right("pi1");
    quarantine.suspect("pi1", now);
    assertEquals(List.of("pi1"), quarantine.due(List.of("pi1", "pi2"), now));
    assertEquals(1, quarantine.trust("pi1").orElseThrow().rightChecks());
  }

  @Test
  void hear_recordOfAnother_isContinued() {
    quarantine.hear(new Trust("pi1", State.QUARANTINED, "aggregator a2", WHY, NOON, 9), now);
    assertEquals(Change.RELEASED, right("pi1"));
  }

  @Test
  void put_moreBoardsThanAreKept_forgetsOnlyTrustedOnes() {
    wrong("first");
    for (int i = 0; i < 2 * Fleet.MAX_MEMBERS; i++) {
      right("pi" + i);
    }
    assertEquals(Fleet.MAX_MEMBERS, quarantine.all().size());
    assertTrue(quarantine.isQuarantined("first"));
  }
}
