package chorale.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.AggregatorInfo;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Role;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.Trust;
import chorale.protocol.TrustCodec;
import chorale.protocol.bus.MemoryBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests of a site watch on virtual time. */
final class SiteWatchTest {
  private final HandTime time = new HandTime();
  private final MemoryBroker broker = new MemoryBroker(time);
  private SiteWatch watch;

  @BeforeEach
  void keep() {
    publish(SiteMessages.board("pi-1", "V1", 1));
    publish(SiteMessages.board("pi-2", "V2", 2));
    publish(SiteMessages.board("pi-2b", "V2", 2));
    publish(SiteMessages.aggregator("hub", AggregatorInfo.State.READY));
    publish(SiteMessages.aggregator("attic", AggregatorInfo.State.READY));
    broker.publish(SiteMessages.kept(SiteMessages.result("gate", 1, Instant.EPOCH)));
  }

  @AfterEach
  void close() {
    watch.close();
  }

  private void publish(List<Message> messages) {
    messages.forEach(broker::publish);
  }

  private SiteSnapshot look() throws Exception {
    watch =
        new SiteWatch(
            SiteMessages.TOPICS,
            new SiteWatch.Dependencies(broker.factory(), time, time, "hub:1883", "look"));
    for (int turn = 0; !watch.isComplete(); turn++) {
      assertTrue(turn < 100, "it does not become complete");
      time.pass(Duration.ofNanos(watch.runOnce()));
    }
    return watch.snapshot();
  }

  private static List<String> told(SiteSnapshot site) {
    return SiteProblem.of(site).stream().map(SiteProblem::what).toList();
  }

  @Test
  void look_healthySite_hasNoProblems() throws Exception {
    SiteSnapshot site = look();

    assertEquals(List.of(), told(site));
    assertEquals("gate", site.cameras().get(0).name());
    assertEquals(
        1, site.aggregators().stream().mapToInt(each -> each.leads().size()).sum(), "one leads it");
  }

  @Test
  void board_lostReplica_leavesNoVariantMissing() throws Exception {
    broker.publish(SiteMessages.offline(Role.WORKER, "pi-2"));

    SiteSnapshot site = look();

    assertEquals(List.of("Board pi-2 is offline."), told(site));
    assertFalse(SiteProblem.of(site).get(0).stops());
  }

  private void trust(String board, Trust.State state, String by, String reason) {
    Trust trust = new Trust(board, state, by, reason, Instant.EPOCH, 0);
    broker.publish(
        Message.retained(SiteMessages.TOPICS.trust(board), new TrustCodec().encode(trust)));
  }

  @Test
  void boards_failedChecks_areListedWithTheReason() throws Exception {
    trust("pi-1", Trust.State.QUARANTINED, "aggregator hub", "it lies");
    trust("pi-2", Trust.State.TRUSTED, "aggregator hub", "it lies too");
    trust("pi-2b", Trust.State.TRUSTED, Trust.OPERATOR, "it was repaired");

    SiteSnapshot site = look();

    assertEquals(
        List.of(
            "Board pi-1 is quarantined by aggregator hub: it lies.",
            "Board pi-2 failed a check, but its votes count: it lies too."),
        told(site));
    assertEquals(
        List.of(
            "Find the cause. Then trust the board again: chorale trust pi-1",
            "Find the cause. Then quarantine the board: chorale trust pi-2 --quarantine; or trust"
                + " it: chorale trust pi-2"),
        SiteProblem.of(site).stream().map(SiteProblem::remedy).toList());
  }

  @Test
  void decide_publishesRetained() throws Exception {
    look();
    Trust trust = new Trust("pi-1", Trust.State.QUARANTINED, Trust.OPERATOR, "", Instant.EPOCH, 0);
    watch.decide(trust).toCompletableFuture().get();
    Message said = broker.published(SiteMessages.TOPICS.trust("pi-1")).get(0);
    assertTrue(said.retain());
    assertEquals(trust, new TrustCodec().decodeTrust("pi-1", said.payload()));
  }

  @Test
  void variant_withoutABoard_isMissing() throws Exception {
    broker.publish(SiteMessages.offline(Role.WORKER, "pi-1"));

    assertEquals(
        List.of("Variant V1 is missing: none of its boards is online.", "Board pi-1 is offline."),
        told(look()));
  }

  @Test
  void aggregator_joining_isListedWithItsState() throws Exception {
    publish(SiteMessages.aggregator("attic", AggregatorInfo.State.JOINING));

    SiteSnapshot site = look();

    assertEquals(List.of("Aggregator attic is joining."), told(site));
    assertEquals(
        "Check its log. Other aggregators publish for its cameras meanwhile.",
        SiteProblem.of(site).get(0).remedy());
  }

  @Test
  void aggregators_withoutInfo_areListedAndNoneReplacesThem() throws Exception {
    for (String name : List.of("hub", "attic")) {
      broker.publish(SiteMessages.status(Role.AGGREGATOR, name, StatusKind.INFO, Bytes.utf8("")));
    }

    List<SiteProblem> problems = SiteProblem.of(look());

    assertEquals(
        List.of(
            "No aggregator is ready.",
            "Aggregator hub is online, but has sent no info.",
            "Aggregator attic is online, but has sent no info."),
        problems.stream().map(SiteProblem::what).toList());
    assertEquals("Check its log.", problems.get(1).remedy());
  }

  @Test
  void site_withoutAggregatorsOrBoards_stops() throws Exception {
    for (String name : List.of("pi-1", "pi-2", "pi-2b")) {
      broker.publish(SiteMessages.offline(Role.WORKER, name));
    }
    for (String name : List.of("hub", "attic")) {
      broker.publish(SiteMessages.offline(Role.AGGREGATOR, name));
    }

    List<SiteProblem> problems = SiteProblem.of(look());

    assertEquals("No aggregator is ready.", problems.get(0).what());
    assertEquals("No board is online.", problems.get(1).what());
    assertEquals(2, problems.stream().filter(SiteProblem::stops).count());
  }

  @Test
  void look_withoutABroker_isNotComplete() throws Exception {
    broker.stop();
    watch =
        new SiteWatch(
            SiteMessages.TOPICS,
            new SiteWatch.Dependencies(broker.factory(), time, time, "hub:1883", "look"));
    for (int turn = 0; turn < 50; turn++) {
      time.pass(Duration.ofNanos(watch.runOnce()));
    }

    assertFalse(watch.isComplete());
    assertFalse(watch.snapshot().link().connected());
  }
}
