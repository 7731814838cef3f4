package chorale.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Fleet.Member;
import chorale.protocol.Message;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.MemoryBroker;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetWatchTest {
  private static final Member WORKER = new Member(Role.WORKER, "demo-V1");
  private static final Member AGGREGATOR = new Member(Role.AGGREGATOR, "demo");
  private static final List<Member> BOTH = List.of(WORKER, AGGREGATOR);

  private final Topics topics = new Topics("home");
  private final MemoryBroker broker = new MemoryBroker(() -> 0);

  @Test
  void missing_retainedAndLiveAnnouncements_bothCount() throws Exception {
    announce(WORKER);
    FleetWatch fleet = new FleetWatch(topics, broker.factory(), "watch");
    fleet.runOnce();
    assertEquals(List.of(AGGREGATOR), fleet.missing(BOTH));

    announce(AGGREGATOR);
    fleet.runOnce();
    assertEquals(List.of(), fleet.missing(BOTH));
  }

  @Test
  void missing_onlineWithoutInfoOrOffline_isStillMissing() throws Exception {
    FleetWatch fleet = new FleetWatch(topics, broker.factory(), "watch");
    availability(WORKER, StatusCodec.ONLINE);
    announce(AGGREGATOR);
    availability(AGGREGATOR, StatusCodec.OFFLINE);

    fleet.runOnce();

    assertEquals(BOTH, fleet.missing(BOTH));
  }

  @Test
  void missing_afterAReconnect_isRebuilt() throws Exception {
    announce(WORKER);
    announce(AGGREGATOR);
    FleetWatch fleet = new FleetWatch(topics, broker.factory(), "watch");
    fleet.runOnce();

    broker.stop();
    broker.start();
    announce(AGGREGATOR);
    fleet.runOnce();

    assertEquals(List.of(WORKER), fleet.missing(BOTH));
  }

  @Test
  void forget_goneServices_leaveNothingRetained() throws Exception {
    announce(WORKER);
    announce(AGGREGATOR);

    FleetWatch.forget(List.of(WORKER), topics, broker.factory(), "watch");

    FleetWatch fleet = new FleetWatch(topics, broker.factory(), "watch");
    fleet.runOnce();
    assertEquals(List.of(WORKER), fleet.missing(BOTH));
    assertEquals(3, broker.published().stream().filter(m -> m.payload().isEmpty()).count());
  }

  private void announce(Member member) {
    List<String> classes = List.of("cat", "dog");
    long digest = Digests.prefix(Digests.ofClasses(classes));
    WorkerInfo info =
        new WorkerInfo(
            new Reply.Author("V1", member.name(), 1, .35, 96, 2, digest, 7),
            "pets",
            classes,
            1,
            1,
            Calibration.NONE,
            Assignment.VARIANT,
            ReplyCodec.SCHEMA,
            "0.1.0");
    Bytes payload = member.equals(WORKER) ? new StatusCodec().encode(info) : Bytes.utf8("{}");
    broker.publish(
        Message.retained(topics.status(member.role(), member.name(), StatusKind.INFO), payload));
    availability(member, StatusCodec.ONLINE);
  }

  private void availability(Member member, Bytes payload) {
    broker.publish(
        Message.retained(
            topics.status(member.role(), member.name(), StatusKind.AVAILABILITY), payload));
  }
}
