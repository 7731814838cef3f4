package chorale.aggregator;

import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.TOPICS;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import chorale.config.AggregatorSettings;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.CapturedLog;
import chorale.protocol.Message;
import chorale.protocol.Result;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ServiceEndedException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The life cycle of the service: announcements, health, shutdown. */
final class AggregatorTest {
  private static final String AVAILABILITY =
      TOPICS.status(Role.AGGREGATOR, "main", StatusKind.AVAILABILITY);

  /** A request that is not decided would take 1 s. */
  @Test
  void rehearsal_decidesItsRequests() throws Exception {
    AtomicLong nanos = new AtomicLong();
    AggregatorRehearsal.run(
        Rig.SETTINGS,
        Rig.TOPICS,
        new Aggregator.Dependencies(
            (session, inbox) -> fail("opened the real bus"),
            Optional.empty(),
            Optional.empty(),
            () -> nanos.addAndGet(1_000),
            Clock.systemUTC(),
            7,
            "test",
            counters -> {}));
    assertTrue(nanos.get() < 1_000 * Rig.MILLI, nanos + " ns");
  }

  @Test
  void start_connected_announcesItself() {
    Rig rig = new Rig();
    assertEquals(List.of(), rig.broker.published(AVAILABILITY), "not announced before it is ready");
    rig.turn();
    Message online = rig.broker.published(AVAILABILITY).get(0);
    assertEquals(StatusCodec.ONLINE, online.payload());
    assertTrue(online.retain());
    String info =
        rig.broker
            .published(TOPICS.status(Role.AGGREGATOR, "main", StatusKind.INFO))
            .get(0)
            .payload()
            .utf8();
    assertTrue(info.contains("\"fusion\":\"scaled-sum\",\"deadline_ms\":100"), info);
    assertTrue(info.contains("\"session\":\"0000000000000007\""), info);
    assertTrue(info.contains("\"version\":\"0.1.0\""), info);
  }

  @Test
  void close_always_publishesOffline() {
    Rig rig = new Rig();
    rig.aggregator.close();
    List<Message> said = rig.broker.published(AVAILABILITY);
    assertEquals(StatusCodec.OFFLINE, said.get(said.size() - 1).payload());
  }

  @Test
  void start_settingNotAllowed_namesItAndOpensNoConnection() {
    AggregatorSettings wrong = Rig.settings("main", 0, true, 0);
    Aggregator.Dependencies unopened =
        new Aggregator.Dependencies(
            (session, inbox) -> fail("opened a connection, which would stay open"),
            Optional.empty(),
            Optional.empty(),
            () -> 0,
            Clock.systemUTC(),
            7,
            "0.1.0",
            counters -> {});
    var error =
        assertThrows(IllegalArgumentException.class, () -> new Aggregator(wrong, TOPICS, unopened));
    assertEquals("aggregator.open-windows: 0 (allowed: at least 1)", error.getMessage());
  }

  @Test
  void health_whenDue_isPublishedRetained() {
    Rig rig = new Rig();
    String topic = TOPICS.status(Role.AGGREGATOR, "main", StatusKind.HEALTH);
    rig.turn(); // receives its own announcement
    assertEquals(10_000 * MILLI, rig.turn());
    rig.after(10_000 * MILLI - 1).turn();
    assertEquals(List.of(), rig.broker.published(topic));
    rig.after(1).turn();
    Message health = rig.broker.published(topic).get(0);
    assertTrue(health.retain());
    assertTrue(health.payload().utf8().contains("\"uptime_s\":10"), health.payload().utf8());
    assertTrue(health.payload().utf8().contains("\"received\":0"), health.payload().utf8());
  }

  @Test
  void inbox_noRoomForAFrame_isAnsweredOverloaded() {
    Rig rig = new Rig().fleet(1);
    rig.turn();
    for (int i = 0; i < Aggregator.INBOX_MESSAGES; i++) {
      rig.deliver(Message.of("other/" + i, Bytes.EMPTY));
    }
    rig.deliver(Message.of(TOPICS.image("gate"), Rig.image("cat.jpg")));
    rig.turn();

    assertEquals(Rig.key("cat.jpg"), rig.result().requestId());
    assertEquals(Result.Status.NO_ANSWER, rig.result().status());
    assertEquals(Result.DecidedBy.REQUEST, rig.result().decidedBy());
    assertEquals("overloaded", rig.result().error().orElseThrow().code());
    assertEquals(1, rig.count("frames"));
    assertEquals(1, rig.count("frames_overloaded"));
    assertEquals(0, rig.count("inbox_dropped"));

    rig.reply(rig.frame("cat.jpg"), 1, topk(1, .9));
    rig.turn();
    assertEquals(
        Result.Status.ANSWERED, rig.results().get(1).status(), "the request may arrive again");
  }

  @Test
  void clientIdTakenOver_endsWithTheReason() {
    Rig rig = new Rig();
    rig.turn();
    rig.aggregator.inbox().offer(new BusEvent.Ended("client id x was taken over"));
    var end = assertThrows(ServiceEndedException.class, rig.aggregator::runOnce);
    assertEquals("aggregator main ends: client id x was taken over", end.getMessage());
  }

  @Test
  void resultsWhileDisconnected_failedPublishes_areCounted() {
    Rig rig = new Rig().fleet(1);
    rig.frame("cat.jpg");
    rig.turn();
    rig.broker.stop();
    rig.after(100 * MILLI + 1).turn();
    assertEquals(0, rig.results().size());
    rig.broker.start();
    rig.turn();
    assertEquals(1, rig.results().size(), "the result waited in the outbox");
    assertEquals(0, rig.count("publish_failed"));
  }

  @Test
  void worker_infoIsCleared_leavesTheRoster() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    String info = TOPICS.status(Role.WORKER, "board2", StatusKind.INFO);
    rig.broker.publish(Message.retained(info, chorale.protocol.Bytes.EMPTY));
    rig.reply(rig.frame("cat.jpg"), 1, topk(1, 0.9));
    rig.turn();
    assertEquals(List.of(), rig.result().missing());
  }

  @Test
  void worker_infoIsMalformedOrOfAnother_isCountedAndIgnored() {
    Rig rig = new Rig().fleet(1);
    String info = TOPICS.status(Role.WORKER, "board2", StatusKind.INFO);
    rig.broker.publish(Message.retained(info, chorale.protocol.Bytes.utf8("{")));
    rig.broker.publish(Message.retained(info, rig.infoOf("V1", "board1").payload()));
    rig.turn();
    assertEquals(2, rig.count("status_malformed"));
    assertEquals(1, rig.count("roster"));
  }

  @Test
  void worker_repliesOfAnotherSchema_areReportedOnceForEachStart() {
    try (CapturedLog log = new CapturedLog(RosterUpdates.class)) {
      Rig rig = new Rig().fleet(1);
      for (int schema : new int[] {1, 1, 3}) {
        rig.broker.publish(rig.infoOf("V2", "board2", Assignment.VARIANT, schema));
        rig.turn();
      }
      assertEquals(
          List.of(
              "worker board2 (version dev) sends replies of schema 1, but this aggregator uses 2:"
                  + " its replies count, but lack optional fields, such as details of errors; update"
                  + " the worker",
              "worker board2 (version dev) sends replies of schema 3, but this aggregator uses 2:"
                  + " its replies do not count; update the aggregator"),
          log.lines().stream().filter(line -> line.contains("schema")).toList());
    }
  }

  @Test
  void worker_changesItsVariant_isExpectedAsTheNewOne() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.info("V2", "board1");
    rig.reply(rig.frame("cat.jpg"), Rig.author("V2", "board1"), topk(1, 0.9));
    rig.turn();
    assertEquals("V2", rig.result().answered().get(0).variant());
    assertEquals(List.of(), rig.result().missing());
  }
}
