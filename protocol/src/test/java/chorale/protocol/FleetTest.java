package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Fleet.Effect;
import chorale.protocol.Fleet.Member;
import chorale.protocol.Topics.StatusKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetTest {
  private static final List<String> CLASSES = List.of("cat", "dog");

  private final StatusCodec codec = new StatusCodec();
  private final Fleet fleet = new Fleet();

  private static WorkerInfo info(String worker, long session) {
    Reply.Author author =
        new Reply.Author(
            "V1", worker, session, .35, 96, 2, Digests.prefix(Digests.ofClasses(CLASSES)), 7);
    return new WorkerInfo(
        author,
        "pets",
        CLASSES,
        1,
        1,
        Calibration.NONE,
        Assignment.VARIANT,
        ReplyCodec.SCHEMA,
        "dev");
  }

  private Effect announce(String topicName, WorkerInfo info) {
    return hear(topicName, StatusKind.INFO, codec.encode(info));
  }

  private Effect hear(String worker, StatusKind kind, Bytes payload) {
    return fleet.hear(new Address.Status(Role.WORKER, worker, kind), payload);
  }

  private Effect online(String worker) {
    return hear(worker, StatusKind.AVAILABILITY, StatusCodec.ONLINE);
  }

  @Test
  void hear_infoAndAvailability_eachChangesOnce() {
    assertEquals(new Effect.Changed(), announce("a", info("a", 1)));
    assertEquals(new Effect.Nothing(), announce("a", info("a", 1)));
    assertFalse(fleet.isThere(new Member(Role.WORKER, "a")));
    assertEquals(new Effect.Changed(), online("a"));
    assertEquals(new Effect.Nothing(), online("a"));
    assertTrue(fleet.isThere(new Member(Role.WORKER, "a")));
    assertEquals(new Effect.Changed(), announce("a", info("a", 2)));
    assertEquals(Optional.of(info("a", 2)), fleet.worker("a"));
  }

  @Test
  void workers_someOffline_areSortedByName() {
    announce("b", info("b", 1));
    announce("a", info("a", 1));
    online("b");
    online("nameless");
    assertEquals(List.of(info("a", 1), info("b", 1)), fleet.workers());
    assertEquals(List.of(info("b", 1)), fleet.onlineWorkers());
    fleet.forgetAll();
    assertEquals(List.of(), fleet.workers());
  }

  @Test
  void hear_invalidInfo_isReportedAndChangesNothing() {
    announce("a", info("a", 1));
    assertInstanceOf(Effect.Malformed.class, hear("a", StatusKind.INFO, Bytes.utf8("{}")));
    assertEquals(new Effect.Malformed("it names another worker: b"), announce("a", info("b", 1)));
    assertEquals(Optional.of(info("a", 1)), fleet.worker("a"));
    online("a");
    assertEquals(
        new Effect.Malformed("the availability is neither 'online' nor 'offline'"),
        hear("a", StatusKind.AVAILABILITY, Bytes.utf8("perhaps")));
    assertEquals(List.of(info("a", 1)), fleet.onlineWorkers());
  }

  @Test
  void hear_emptyInfoAndOffline_removeTheWorker() {
    announce("a", info("a", 1));
    online("a");
    hear("a", StatusKind.INFO, Bytes.EMPTY);
    assertEquals(Optional.empty(), fleet.worker("a"));
    hear("a", StatusKind.AVAILABILITY, Bytes.EMPTY);
    assertEquals(0, fleet.size());
  }

  @Test
  void hear_viewFull_ignoresNewMember() {
    for (int i = 0; i < Fleet.MAX_MEMBERS; i++) {
      online("w" + i);
    }
    assertEquals(new Effect.Full(), online("late"));
    assertEquals(new Effect.Changed(), announce("w0", info("w0", 1)));
    assertEquals(Fleet.MAX_MEMBERS, fleet.size());
  }

  @Test
  void hear_aggregatorInfo_isNotParsed() {
    fleet.hear(
        new Address.Status(Role.AGGREGATOR, "main", StatusKind.INFO), Bytes.utf8("anything"));
    fleet.hear(
        new Address.Status(Role.AGGREGATOR, "main", StatusKind.AVAILABILITY), StatusCodec.ONLINE);
    assertTrue(fleet.isThere(new Member(Role.AGGREGATOR, "main")));
    assertEquals(List.of(), fleet.workers());
  }
}
