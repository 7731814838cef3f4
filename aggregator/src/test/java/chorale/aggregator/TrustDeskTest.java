package chorale.aggregator;

import static chorale.aggregator.Rig.TOPICS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.trust.Quarantine;
import chorale.protocol.Address;
import chorale.protocol.Message;
import chorale.protocol.Strategy;
import chorale.protocol.Trust;
import chorale.protocol.Trust.State;
import chorale.protocol.TrustCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Conflicts between retained trust and decisions made while disconnected. */
final class TrustDeskTest {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  private final Quarantine quarantine =
      new Quarantine(
          1, Duration.ofMinutes(1), "aggregator main", Clock.fixed(NOON, ZoneOffset.UTC));
  private final List<Message> published = new ArrayList<>();
  private final TrustDesk desk =
      new TrustDesk(
          quarantine,
          new Roster(
              Strategy.VARIANT,
              SiteModels.learned(),
              new TrustedWorkers(Optional.empty(), 0),
              quarantine),
          TOPICS,
          published::add,
          new Counters());

  /** Delivers retained trust in the board. */
  private void kept(Instant since) {
    Trust trust = new Trust("pi1", State.TRUSTED, Trust.OPERATOR, "", since, 0);
    Message message = Message.retained(TOPICS.trust("pi1"), new TrustCodec().encode(trust));
    desk.hear(new Address.Trust("pi1"), message, 0);
  }

  private void decidedWithoutConnection() {
    desk.judged("pi1", false, "it lies", 0);
    published.clear();
    desk.connected(0);
  }

  @Test
  void retained_olderThanTheDecision_isReplaced() {
    decidedWithoutConnection();
    kept(NOON.minusSeconds(60));
    assertTrue(quarantine.isQuarantined("pi1"));
    desk.advance(TrustDesk.TOLD_NANOS - 1);
    assertEquals(List.of(), published);
    desk.advance(TrustDesk.TOLD_NANOS);
    desk.advance(2 * TrustDesk.TOLD_NANOS);
    assertEquals(1, published.size(), "once");
    assertTrue(published.get(0).payload().utf8().contains("\"state\":\"quarantined\""));
  }

  @Test
  void retained_newerThanTheDecision_applies() {
    decidedWithoutConnection();
    kept(NOON.plusSeconds(60));
    desk.advance(TrustDesk.TOLD_NANOS);
    assertEquals(List.of(), published);
    assertTrue(quarantine.quarantined().isEmpty());
  }
}
