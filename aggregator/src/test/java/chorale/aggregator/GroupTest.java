package chorale.aggregator;

import static chorale.aggregator.Rig.CAMERA;
import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.TOPICS;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.AggregatorInfo;
import chorale.protocol.AggregatorInfo.State;
import chorale.protocol.CapturedLog;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.RendezvousHash;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Origin;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.bus.ServiceEndedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several aggregators on one site: the publisher of each result, and the failover. */
final class GroupTest {
  private static final List<String> NAMES = List.of("a1", "a2", "a3");

  /** The aggregators in the order of their turns for the camera. */
  private static final List<String> ORDER = RendezvousHash.order(CAMERA, NAMES);

  private final Rig rig = Rig.ofGroup().fleet(2);
  private final Map<String, Aggregator> running = new LinkedHashMap<>();
  private int frames;

  private void start(String... names) {
    for (String name : names) {
      running.put(name, rig.aggregator(Rig.settings(name, 0, false, 1000), GroupRules.STANDARD));
    }
  }

  /** Starts all three and waits until they are ready and may own cameras. */
  private void startAll() {
    start("a1", "a2", "a3");
    pass(2000);
  }

  /** Passes time in turns of 10 ms. */
  private void pass(long millis) {
    for (long i = 0; i < millis; i += 10) {
      rig.after(10 * MILLI);
      turn();
    }
  }

  private void turn() {
    try {
      for (Aggregator each : running.values()) {
        each.runOnce();
      }
    } catch (ServiceEndedException e) {
      throw new AssertionError(e);
    }
  }

  private RequestKey answered(String frame) {
    RequestKey key = rig.frame(frame);
    rig.reply(key, 1, topk(1, 0.9));
    rig.reply(key, 2, topk(1, 0.8));
    turn();
    return key;
  }

  private List<String> publishers() {
    return rig.results().stream().map(result -> result.origin().aggregator()).toList();
  }

  private String availability(String name) {
    List<Message> said =
        rig.broker.published(TOPICS.status(Role.AGGREGATOR, name, StatusKind.AVAILABILITY));
    return said.isEmpty() ? "" : said.get(said.size() - 1).payload().utf8();
  }

  @Test
  void frame_ofThree_onlyTheOwnerPublishes() {
    startAll();
    answered("a");
    answered("b");
    pass(2000);
    assertEquals(List.of(ORDER.get(0), ORDER.get(0)), publishers());
    assertEquals(
        List.of(1L, 2L), rig.results().stream().map(result -> result.origin().seq()).toList());
    running.values().forEach(each -> assertEquals(0L, each.counters().get("open_windows")));
  }

  @Test
  void owner_isKilled_theNextPublishesFiftyMillisecondsAfterTheLastWill() {
    startAll();
    RequestKey key = rig.frame("a");
    rig.reply(key, 1, topk(1, 0.9));
    turn();
    running.remove(ORDER.get(0));
    rig.broker.cut("chorale-aggregator-" + ORDER.get(0));
    rig.reply(key, 2, topk(1, 0.8));
    pass(40);
    assertEquals(List.of(), publishers());
    pass(20);
    assertEquals(List.of(ORDER.get(1)), publishers());
    assertEquals(Result.Status.ANSWERED, rig.result().status());
    pass(2000);
    answered("b");
    assertEquals(List.of(ORDER.get(1), ORDER.get(1)), publishers());
  }

  @Test
  void owner_isStopped_theNextPublishesInItsTurnAndSoonStopsWaiting() {
    startAll();
    Aggregator stopped = running.remove(ORDER.get(0));
    answered("a");
    pass(100 + 600 - 10);
    assertEquals(List.of(), publishers());
    pass(20);
    assertEquals(List.of(ORDER.get(1)), publishers());
    answered("b");
    pass(1000);
    answered("c");
    assertEquals(3, publishers().size(), "silent after two missed results");

    running.put(ORDER.get(0), stopped);
    pass(3000);
    assertEquals(3, publishers().size(), "the others have published what it missed");
    answered("d");
    assertEquals(ORDER.get(0), publishers().get(3));
    assertEquals(
        List.of(1L, 2L, 3L, 4L), rig.results().stream().map(each -> each.origin().seq()).toList());
    assertTrue(stopped.counters().get("pause_dropped") > 0);
  }

  /**
   * When the owner becomes silent, the next member has no time left for windows whose deadline has
   * already passed. Results in later turns do not make it count as silent.
   */
  @Test
  void owner_isStoppedWithManyOpenWindows_noOtherCountsAsSilent() {
    start(ORDER.get(2)); // the first in turn, and the last to own the camera
    pass(2000);
    start(ORDER.get(0), ORDER.get(1));
    pass(4000);
    running.remove(ORDER.get(0));
    try (CapturedLog log = new CapturedLog(Group.class)) {
      for (int i = 0; i < 8; i++) {
        answered("frame " + i);
        pass(20);
      }
      pass(2000);
      List<String> silent =
          log.lines().stream().filter(line -> line.contains("is silent")).distinct().toList();
      assertEquals(1, silent.size(), silent::toString);
      assertTrue(silent.get(0).contains(ORDER.get(0)), silent::toString);
    }
    assertEquals(8, publishers().size());
  }

  /** The owner reads the connection loss only after it is connected again, after another frame. */
  @Test
  void owner_isDisconnectedAndBackBeforeItsTurn_leavesItsWindowsToTheOthers() {
    startAll();
    Aggregator slow = running.remove(ORDER.get(0));
    answered("a");
    rig.broker.cut("chorale-aggregator-" + ORDER.get(0));
    pass(100);
    assertEquals(List.of(ORDER.get(1)), publishers());
    rig.broker.restore("chorale-aggregator-" + ORDER.get(0));
    running.put(ORDER.get(0), slow);
    pass(2000);
    assertEquals(List.of(ORDER.get(1)), publishers());
  }

  @Test
  void owner_wakesAfterLessThanAPause_publishesOnlyInItsTurn() {
    startAll();
    Aggregator stopped = running.remove(ORDER.get(0));
    answered("a");
    pass(300);
    running.put(ORDER.get(0), stopped);
    pass(2000);
    assertEquals(1, publishers().size(), "late, but only once");
  }

  /** Its new seat's turn is already over, and the member with the old seat has no such window. */
  @Test
  void seat_isLostBeforeItsTurn_publishesAfterAllOthers() throws MalformedException {
    startAll();
    running.remove("a1");
    rig.broker.cut("chorale-aggregator-a1");
    pass(2000);
    List<String> left = ORDER.stream().filter(name -> !name.equals("a1")).toList();
    running.remove(left.get(0));
    answered("a");
    int seat = NAMES.indexOf(left.get(1));
    int turn = 100 + 300 * (1 + seat);
    pass(turn - 100);
    announce("a1", seat);
    pass(1200 - turn);
    assertEquals(List.of(), publishers());
    pass(300);
    assertEquals(List.of(left.get(1)), publishers());
  }

  /** Announces a ready member with this name and seat. */
  private void announce(String name, int seat) throws MalformedException {
    String topic = TOPICS.status(Role.AGGREGATOR, name, StatusKind.INFO);
    List<Message> said = rig.broker.published(topic);
    StatusCodec codec = new StatusCodec();
    AggregatorInfo last = codec.decodeAggregatorInfo(said.get(said.size() - 1).payload());
    AggregatorInfo other =
        new AggregatorInfo(
            name,
            last.session() + 1,
            AggregatorInfo.State.READY,
            false,
            seat,
            last.openMillis(),
            last.fusion(),
            last.deadlineMillis(),
            last.quorum(),
            last.withstand(),
            last.version());
    rig.broker.publish(Message.of(topic, codec.encode(other)));
  }

  @Test
  void joiner_takesOverLateButNeverTwice() {
    start(ORDER.get(1));
    pass(1000);
    start(ORDER.get(0));
    for (int i = 0; i < 300; i++) {
      answered("frame " + i);
      pass(10);
    }
    pass(2000);
    List<String> publishers = publishers();
    assertEquals(300, rig.results().stream().map(Result::requestId).distinct().count());
    assertEquals(ORDER.get(1), publishers.get(0));
    assertEquals(ORDER.get(0), publishers.get(250));
    assertEquals("online", availability(ORDER.get(0)));
  }

  /** A joiner does not wait for windows that opened after its own subscription. */
  @Test
  void joiners_oneAfterAnother_areReadyTogether() {
    startAll();
    NAMES.forEach(each -> rig.broker.cut("chorale-aggregator-" + each));
    turn();
    for (String each : NAMES) {
      rig.broker.restore("chorale-aggregator-" + each);
      frames(100);
    }
    frames(300);
    assertEquals(
        List.of("online", "offline", "offline"), NAMES.stream().map(this::availability).toList());
    long windows = 100 + 3 * 300 + 150; // deadline and turns
    frames(windows);
    assertEquals(
        List.of("online", "online", "online"), NAMES.stream().map(this::availability).toList());
  }

  /**
   * After a restart of the broker, no member owns a camera. Members that are back early wait a
   * little for the first by name.
   */
  @Test
  void joiners_theFirstByNameAsTheLast_publishesAtOnce() {
    start("a2", "a3");
    pass(100);
    start("a1");
    pass(520);
    answered("a");
    assertEquals(List.of("a1"), publishers());
  }

  @Test
  void joiners_together_theFirstByNamePublishesAtOnce() {
    startAll();
    NAMES.forEach(each -> rig.broker.cut("chorale-aggregator-" + each));
    turn();
    NAMES.forEach(each -> rig.broker.restore("chorale-aggregator-" + each));
    pass(510);
    answered("a");
    assertEquals(List.of("a1"), publishers());
    for (int i = 0; i < 200; i++) {
      answered("frame " + i);
      pass(10);
    }
    assertEquals(201, publishers().size());
    assertEquals(201, rig.results().stream().map(Result::requestId).distinct().count());
    assertEquals(ORDER.get(0), publishers().get(200));
  }

  /** Publishes a frame in each turn. */
  private void frames(long millis) {
    for (long i = 0; i < millis; i += 10) {
      rig.frame("frame " + frames++);
      pass(10);
    }
  }

  /** An announcement counts from its arrival, even if it is read 0.5 s later. */
  @Test
  void joiner_announcementReadLate_causesNoSecondResult() {
    start(ORDER.get(1), ORDER.get(2));
    pass(2000);
    start(ORDER.get(0));
    while (!availability(ORDER.get(0)).equals("online")) {
      pass(10);
    }
    Aggregator slow = running.remove(ORDER.get(1));
    pass(450);
    RequestKey key = answered("a");
    running.put(ORDER.get(1), slow);
    turn();
    assertEquals(List.of(ORDER.get(0)), publishers());
    assertEquals(key, rig.result().requestId());
  }

  @Test
  void leaver_finishesItsWindowsFirst() throws ServiceEndedException {
    startAll();
    Aggregator leaver = running.get(ORDER.get(0));
    RequestKey key = rig.frame("a");
    turn();
    leaver.leave();
    assertFalse(leaver.hasLeft());
    rig.reply(key, 1, topk(1, 0.9));
    rig.reply(key, 2, topk(1, 0.8));
    turn();
    assertEquals(List.of(ORDER.get(0)), publishers());
    pass(500);
    assertTrue(leaver.hasLeft());
    running.remove(ORDER.get(0));
    leaver.close();
    answered("b");
    pass(1000);
    assertEquals(List.of(ORDER.get(0), ORDER.get(1)), publishers());
  }

  @Test
  void retainedAnnouncements_ofEndedAggregators_areNotWaitedFor() {
    for (StatusKind kind : List.of(StatusKind.AVAILABILITY, StatusKind.INFO)) {
      String topic = TOPICS.status(Role.AGGREGATOR, "old-host", kind);
      rig.broker.publish(Message.retained(topic, StatusCodec.ONLINE));
    }
    start("a1");
    pass(600);
    assertEquals("online", availability("a1"));
    answered("a");
    assertEquals(List.of("a1"), publishers());
  }

  /** There is no order between messages on different topics. */
  @Test
  void announcement_overtakenByTheLastWill_isIgnored() {
    start("a1", "a2");
    pass(2000);
    List<Message> said =
        rig.broker.published(TOPICS.status(Role.AGGREGATOR, "a1", StatusKind.INFO));
    Message ready = said.get(said.size() - 1);
    running.remove("a1");
    rig.broker.cut("chorale-aggregator-a1");
    pass(10);
    rig.broker.publish(ready);
    pass(1000);
    for (int i = 0; i < 20; i++) {
      rig.broker.publish(Message.of(TOPICS.image("camera-" + i), Rig.image("x")));
    }
    pass(1020);
    assertEquals(0L, running.get("a2").counters().get("taken_over"));
    assertEquals(0L, running.get("a2").counters().get("open_windows"));
  }

  /** A broker that was paused can publish the last will of a broken connection late. */
  @Test
  void lastWill_ofAnEarlierConnection_makesItsAggregatorRejoin() {
    startAll();
    rig.broker.publish(
        Message.retained(
            TOPICS.status(Role.AGGREGATOR, "a1", StatusKind.AVAILABILITY), StatusCodec.OFFLINE));
    pass(10);
    assertEquals("offline", availability("a1"));
    pass(2000);
    assertEquals("online", availability("a1"));
    answered("a");
    pass(2000);
    assertEquals(List.of(ORDER.get(0)), publishers());
  }

  @Test
  void sameName_ofAnotherProcess_endsAfterTheSecondProof() {
    start("a1");
    String id = "chorale-aggregator-a1";
    for (int i = 0; i < 2; i++) {
      pass(100);
      rig.broker.cut(id);
      rig.broker.publish(
          rig.infoOf(new AggregatorInfo("a1", 99, State.READY, false, 0, 0, "", 1, 0, 0, "")));
      rig.broker.restore(id);
    }
    pass(100);
    rig.broker.cut(id);
    var end = assertThrows(ServiceEndedException.class, () -> running.get("a1").runOnce());
    assertTrue(end.getMessage().startsWith("aggregator a1 ends: another process"), end::getMessage);
  }

  @Test
  void olderResult_overANewerOne_isReplaced() {
    startAll();
    answered("a");
    Message old = rig.broker.published(TOPICS.result(CAMERA)).get(0);
    answered("b");
    rig.broker.publish(old);
    turn();
    List<Message> published = rig.broker.published(TOPICS.result(CAMERA));
    assertEquals(4, published.size());
    assertEquals(published.get(1).payload(), published.get(3).payload());
    assertTrue(published.get(3).retain());
  }

  /** The camera's owner is the member that was late. */
  @Test
  void olderResult_ofTheOwner_isReplacedByTheNewestResultsPublisher() {
    startAll();
    answered("a");
    Message old = rig.broker.published(TOPICS.result(CAMERA)).get(0);
    running.remove(ORDER.get(0));
    answered("b");
    pass(1000);
    rig.broker.publish(old);
    turn();
    List<Message> published = rig.broker.published(TOPICS.result(CAMERA));
    assertEquals(4, published.size());
    assertEquals(published.get(1).payload(), published.get(3).payload());
    assertTrue(published.get(3).retain());
  }

  /** The owner's link was slow: the broker received its result after the newer one. */
  @Test
  void newerResult_thatTheOwnersMayHaveOverwritten_isPublishedAgain() {
    startAll();
    answered("a");
    Result own = rig.results().get(0);
    Message newer =
        Message.retained(
            TOPICS.result(CAMERA), new ResultCodec().encode(Rig.with(own, new Origin("z", 1))));
    rig.broker.publish(newer);
    turn();
    turn();
    List<Message> published = rig.broker.published(TOPICS.result(CAMERA));
    assertEquals(3, published.size(), "again, but only once");
    assertEquals(newer.payload(), published.get(2).payload());
    answered("b");
    assertEquals(2L, rig.results().get(3).origin().seq());
  }

  @Test
  void resultBeforeItsFrame_opensNoWindow() {
    startAll();
    Aggregator late = running.remove(ORDER.get(2));
    answered("a");
    pass(100);
    // Its inbox receives the result first, as if the broker had reordered the two.
    Message result = rig.broker.published(TOPICS.result(CAMERA)).get(0);
    Aggregator fourth = rig.aggregator(Rig.settings("a4", 0, false, 10), GroupRules.STANDARD);
    running.put("a4", fourth);
    pass(3000);
    rig.broker.publish(result);
    turn();
    long opened = fourth.counters().get("frames_opened");
    fourth
        .inbox()
        .offer(
            new chorale.protocol.bus.BusEvent.Delivered(
                Message.of(TOPICS.image(CAMERA), Rig.image("a")), rig.nanos));
    turn();
    assertEquals(opened, fourth.counters().get("frames_opened"));
    assertEquals(1L, fourth.counters().get("frames_published"));
    assertTrue(late.counters().get("open_windows") >= 0);
  }

  @Test
  void overload_publisherNotKnownYet_isPublishedLater() {
    running.put("a1", rig.aggregator(Rig.settings("a1", 0, false, 1), GroupRules.STANDARD));
    turn();
    rig.frame("one.jpg");
    rig.frame("two.jpg");
    turn();
    assertEquals(List.of(), rig.results());
    pass(3_000);
    assertEquals(
        List.of(Result.DecidedBy.OVERLOAD, Result.DecidedBy.DEADLINE),
        rig.results().stream().map(Result::decidedBy).toList());
  }
}
