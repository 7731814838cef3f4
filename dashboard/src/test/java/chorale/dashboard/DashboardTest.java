package chorale.dashboard;

import static chorale.dashboard.SiteMessages.TOPICS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.DashboardSettings;
import chorale.imaging.TestPictures;
import chorale.protocol.AggregatorInfo;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Role;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.Trust;
import chorale.protocol.TrustCodec;
import chorale.protocol.bus.MemoryBroker;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DashboardTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HandTime time = new HandTime();
  private final MemoryBroker broker = new MemoryBroker(time);
  private final List<Runnable> pictureTasks = new ArrayList<>();
  private Dashboard dashboard;
  private long seq;

  @BeforeEach
  void open() {
    dashboard =
        new Dashboard(
            new DashboardSettings(
                "wall", 0, "127.0.0.1", List.of(), true, Optional.empty(), Optional.empty()),
            TOPICS,
            new Dashboard.Dependencies(
                broker.factory(), time, time, pictureTasks::add, new Random(1), "mqtt://hub"));
  }

  @AfterEach
  void close() {
    dashboard.close();
  }

  private Tab tab() throws Exception {
    Tab tab = dashboard.open(true).orElseThrow();
    turn();
    return tab;
  }

  private void turn() throws Exception {
    dashboard.runOnce();
    while (dashboard.inbox().size() > 0) {
      dashboard.runOnce();
    }
  }

  private static Optional<JsonNode> next(Tab tab) throws Exception {
    Optional<Bytes> event = tab.take(0);
    return event.isPresent()
        ? Optional.of(JSON.readTree(event.get().sharedArray()))
        : Optional.empty();
  }

  /** Returns all queued events, merged as on the page. */
  private static JsonNode last(Tab tab) throws Exception {
    JsonNode last = JSON.createObjectNode();
    for (Optional<JsonNode> each = next(tab); each.isPresent(); each = next(tab)) {
      last = each.get();
    }
    return last;
  }

  private JsonNode everything() throws Exception {
    Tab tab = tab();
    JsonNode event = last(tab);
    tab.close();
    return event;
  }

  private Result answer(String camera) {
    Result result = SiteMessages.result(camera, ++seq, time.instant());
    broker.publish(SiteMessages.kept(result));
    return result;
  }

  @Test
  void open_page_getsTheFullStateFirst() throws Exception {
    SiteMessages.fleet(2, time.instant()).forEach(broker::publish);
    answer("gate");

    JsonNode event = next(tab()).orElseThrow();

    assertTrue(event.get("full").asBoolean());
    assertEquals("home", event.at("/site/name").asText());
    assertTrue(event.at("/site/connected").asBoolean());
    JsonNode gate = event.at("/cameras/gate");
    assertEquals("cat", gate.get("class").asText());
    assertEquals(0.93, gate.get("confidence").asDouble());
    assertEquals("answered", gate.get("status").asText());
    assertEquals(2, gate.get("votes").size());
    assertEquals(time.millis(), gate.get("at").asLong());
    JsonNode board = event.at("/boards/pi-V1");
    assertEquals("V1", board.get("variant").asText());
    assertEquals("online", board.get("state").asText());
    assertEquals(41_017, board.get("frames").asLong());
  }

  @Test
  void result_live_isSentAtOnceWithItsCameraOnly() throws Exception {
    answer("gate");
    answer("barn");
    Tab tab = tab();
    time.passMillis(500);
    turn();
    last(tab);
    time.passMillis(500);

    answer("gate");
    turn();

    JsonNode event = next(tab).orElseThrow();
    assertFalse(event.has("full"));
    assertEquals(1, event.get("cameras").size());
    assertEquals(time.millis(), event.at("/cameras/gate/at").asLong());
  }

  @Test
  void results_manyOfOneCamera_areSent4TimesPerSecond() throws Exception {
    Tab tab = tab();
    last(tab);
    int events = 0;
    for (int millis = 0; millis < 2_000; millis += 10) {
      time.passMillis(10);
      answer("gate");
      turn();
      for (Optional<JsonNode> each = next(tab); each.isPresent(); each = next(tab)) {
        events += each.get().has("cameras") ? 1 : 0;
      }
    }

    assertTrue(events >= 7 && events <= 8, () -> "wrong number of events");
  }

  @Test
  void page_readsNothing_isClosedAndOthersContinue() throws Exception {
    Tab slow = tab();
    Tab quick = tab();
    for (int i = 0; i < 100; i++) {
      time.passMillis(300);
      answer("gate");
      turn();
      last(quick);
    }

    assertTrue(slow.isClosed());
    assertFalse(quick.isClosed());
    answer("barn");
    time.passMillis(300);
    turn();
    assertTrue(last(quick).at("/cameras/barn").isObject());
  }

  @Test
  void open_tooManyPages_isRefusedUntilOneCloses() throws Exception {
    List<Tab> tabs = new ArrayList<>();
    for (int i = 0; i < Dashboard.MAX_TABS; i++) {
      tabs.add(dashboard.open(false).orElseThrow());
    }

    assertTrue(dashboard.open(false).isEmpty());
    turn();
    tabs.get(0).close();
    time.passMillis(Dashboard.BEAT_MILLIS);
    turn();
    assertTrue(dashboard.open(false).isPresent());
  }

  @Test
  void broker_lostAndBack_isShownAndTheStateIsKept() throws Exception {
    SiteMessages.fleet(1, time.instant()).forEach(broker::publish);
    answer("gate");
    Tab tab = tab();
    last(tab);

    broker.stop();
    time.passMillis(200);
    turn();
    JsonNode lost = last(tab);
    assertFalse(lost.at("/site/connected").asBoolean(true));
    assertEquals("broker stopped", lost.at("/site/reason").asText());

    time.passMillis(5_000);
    broker.start();
    turn();
    JsonNode back = everything();
    assertTrue(back.at("/site/connected").asBoolean());
    assertEquals(time.millis(), back.at("/site/since").asLong());
    assertEquals("cat", back.at("/cameras/gate/class").asText());
    assertTrue(back.at("/cameras/gate/at").asLong() < back.at("/site/since").asLong());
    assertEquals("unknown", back.at("/boards/pi-V1/state").asText());
  }

  @Test
  void retainedResult_hasTheAgeOfItsDecision() throws Exception {
    dashboard.close();
    Result old = SiteMessages.result("gate", 1, time.instant().minusSeconds(3_600));
    broker.publish(SiteMessages.kept(old));
    broker.publish(
        SiteMessages.kept(SiteMessages.result("barn", 1, time.instant().plusSeconds(900))));
    open();
    turn();

    JsonNode event = everything();

    assertEquals(time.millis() - 3_600_000, event.at("/cameras/gate/at").asLong());
    assertEquals(time.millis(), event.at("/cameras/barn/at").asLong(), "a clock ahead of this one");
    assertEquals(0, event.at("/history/rows").size());
  }

  @Test
  void malformedMessages_areCountedAndChangeNothing() throws Exception {
    answer("gate");
    Result foreign = SiteMessages.result("barn", 7, time.instant());
    broker.publish(Message.retained(TOPICS.result("gate"), SiteMessages.kept(foreign).payload()));
    broker.publish(Message.of(TOPICS.result("gate"), Bytes.utf8("{\"schema\":1}")));
    broker.publish(Message.of(TOPICS.result("gate"), Bytes.wrap(new byte[3 << 20])));
    broker.publish(Message.of(TOPICS.result("pond"), Bytes.utf8("no json")));
    broker.publish(
        SiteMessages.status(Role.WORKER, "pi", StatusKind.INFO, Bytes.utf8("{\"schema\":1}")));
    broker.publish(SiteMessages.status(Role.WORKER, "pi", StatusKind.HEALTH, Bytes.utf8("[]")));
    broker.publish(Message.of(TOPICS.brokerHealth(), Bytes.utf8("{}")));
    turn();

    JsonNode event = everything();

    assertEquals(7, event.at("/site/malformed").asLong());
    assertEquals(1, event.get("cameras").size());
    assertEquals("cat", event.at("/cameras/gate/class").asText());
    assertFalse(event.has("boards"));
  }

  @Test
  void result_invalidNumbersAndDates_areReplaced() throws Exception {
    String json =
        SiteMessages.kept(SiteMessages.result("gate", 1, time.instant()))
            .payload()
            .utf8()
            .replaceAll("\"confidence\":[0-9.]+", "\"confidence\":1e999")
            .replaceAll("\"latency_ms\":[0-9.]+", "\"latency_ms\":-1e300")
            .replaceAll("\"ts\":\"[^\"]+\"", "\"ts\":\"+999999999-12-31T23:59:59Z\"");
    broker.publish(Message.retained(TOPICS.result("gate"), Bytes.utf8(json)));
    turn();

    JsonNode gate = everything().at("/cameras/gate");

    assertEquals(0, gate.get("confidence").asDouble());
    assertEquals(0, gate.get("latency").asDouble());
  }

  @Test
  void cameras_oneTooMany_evictsTheOneSilentLongest() throws Exception {
    for (int i = 0; i < SiteState.MAX_CAMERAS; i++) {
      answer("camera-" + i);
    }
    turn();
    answer("camera-0");
    answer("one-more");
    turn();

    JsonNode event = everything();

    assertEquals(SiteState.MAX_CAMERAS, event.get("cameras").size());
    assertTrue(event.at("/cameras/camera-0").isObject());
    assertTrue(event.at("/cameras/one-more").isObject());
    assertTrue(event.at("/cameras/camera-1").isMissingNode());
    assertEquals(1, event.at("/site/camerasLeftOut").asLong());
  }

  @Test
  void boards_oneTooMany_isNotShown() throws Exception {
    for (int i = 0; i <= FleetCards.MAX_BOARDS; i++) {
      SiteMessages.board("board-" + i, "V1", 1).forEach(broker::publish);
    }
    turn();

    JsonNode event = everything();

    assertEquals(FleetCards.MAX_BOARDS, event.get("boards").size());
    assertEquals(1, event.at("/site/boardsLeftOut").asLong());
  }

  @Test
  void clearedBoardAndCamera_areRemoved() throws Exception {
    SiteMessages.board("pi", "V1", 1).forEach(broker::publish);
    answer("gate");
    Tab tab = tab();
    last(tab);
    time.passMillis(500);

    for (StatusKind kind : StatusKind.values()) {
      broker.publish(SiteMessages.status(Role.WORKER, "pi", kind, Bytes.EMPTY));
    }
    broker.publish(Message.retained(TOPICS.result("gate"), Bytes.EMPTY));
    turn();

    JsonNode event = last(tab);
    assertTrue(event.get("boards").has("pi") && event.at("/boards/pi").isNull());
    assertTrue(event.get("cameras").has("gate") && event.at("/cameras/gate").isNull());
  }

  @Test
  void aggregators_ready_shareTheCameras() throws Exception {
    for (int i = 0; i < 20; i++) {
      answer("camera-" + i);
    }
    SiteMessages.aggregator("a", AggregatorInfo.State.READY).forEach(broker::publish);
    SiteMessages.aggregator("b", AggregatorInfo.State.READY).forEach(broker::publish);
    SiteMessages.aggregator("c", AggregatorInfo.State.JOINING).forEach(broker::publish);
    turn();

    JsonNode both = everything();
    int leadsA = both.at("/aggregators/a/leads").asInt();
    assertTrue(leadsA > 0 && leadsA < 20, "one leads all");
    assertEquals(20 - leadsA, both.at("/aggregators/b/leads").asInt());
    assertEquals(0, both.at("/aggregators/c/leads").asInt());

    broker.publish(SiteMessages.offline(Role.AGGREGATOR, "a"));
    turn();
    JsonNode alone = everything();
    assertEquals(20, alone.at("/aggregators/b/leads").asInt());
    assertEquals("b", alone.at("/cameras/camera-3/leader").asText());
  }

  @Test
  void history_ofAnHour_isBoundedAndCounts() throws Exception {
    Tab tab = tab();
    last(tab);
    for (int step = 0; step < HourHistory.STEPS + 5; step++) {
      answer("gate");
      answer("barn");
      turn();
      last(tab);
      time.pass(Duration.ofSeconds(HourHistory.STEP_SECONDS));
      turn();
      assertEquals(2, last(tab).at("/row/1").asLong(), "answered in this step");
    }

    JsonNode history = everything().get("history");

    assertEquals(HourHistory.STEPS, history.get("rows").size());
    assertEquals("V1", history.at("/variants/0").asText());
    JsonNode row = history.at("/rows/0");
    assertEquals(2, row.get(7).asLong(), "votes of V1");
    assertTrue(row.get(5).asDouble() >= 20 && row.get(6).asDouble() >= row.get(5).asDouble());
  }

  @Test
  void history_clockSetBack_staysInOrder() throws Exception {
    for (int step = 0; step < 5; step++) {
      time.pass(Duration.ofSeconds(HourHistory.STEP_SECONDS));
      turn();
    }
    time.pass(Duration.ofSeconds(-25));
    turn();
    time.pass(Duration.ofSeconds(HourHistory.STEP_SECONDS));
    turn();

    long before = 0;
    for (JsonNode row : everything().at("/history/rows")) {
      assertTrue(row.get(0).asLong() > before, "out of order");
      before = row.get(0).asLong();
    }
    assertTrue(before <= time.millis());
  }

  @Test
  void frame_ofACamera_givesAtMostOneThumbnailPerSecond() throws Exception {
    Tab tab = tab();
    last(tab);
    Bytes frame = TestPictures.encoded("jpeg", TestPictures.scene(800, 600));
    broker.publish(Message.of(TOPICS.image("gate"), frame));
    broker.publish(Message.of(TOPICS.image("gate"), frame));
    turn();
    assertEquals(1, pictureTasks.size());

    pictureTasks.remove(0).run();
    time.passMillis(300);
    turn();

    assertTrue(last(tab).at("/cameras/gate/picture").asLong() > 0);
    Bytes picture = dashboard.pictures().find("gate").orElseThrow();
    var image = ImageIO.read(new ByteArrayInputStream(picture.sharedArray()));
    assertEquals(320, image.getWidth());
    assertEquals(240, image.getHeight());

    time.passMillis(1_000);
    broker.publish(Message.of(TOPICS.image("gate"), frame));
    turn();
    assertEquals(1, pictureTasks.size());
  }

  @Test
  void frame_ofACheck_isNotShown() throws Exception {
    answer("gate");
    Tab tab = tab();
    Bytes image = TestPictures.encoded("jpeg", TestPictures.scene(64, 48));
    RequestKey key = RequestKey.of("gate", Optional.empty(), image);
    broker.publish(
        Message.retained(
            TOPICS.check("hub"), new TrustCodec().encode(new TrustCodec.Notice(key, key))));
    broker.publish(Message.of(TOPICS.image("gate"), image));
    turn();
    assertEquals(0, pictureTasks.size());
    broker.publish(Message.of(TOPICS.image("barn"), image));
    turn();
    assertEquals(1, pictureTasks.size(), "the same key from another camera is another frame");
    tab.close();
  }

  @Test
  void board_quarantined_isShownWithTheReason() throws Exception {
    Trust trust =
        new Trust("pi-V1", Trust.State.QUARANTINED, "aggregator hub", "it lies", time.instant(), 0);
    String topic = TOPICS.trust("pi-V1");
    broker.publish(Message.retained(topic, new TrustCodec().encode(trust)));
    SiteMessages.fleet(2, time.instant()).forEach(broker::publish);

    JsonNode board = everything().at("/boards/pi-V1");
    assertTrue(board.get("quarantined").asBoolean());
    assertEquals("it lies", board.get("doubt").asText());
    assertEquals("aggregator hub", board.get("doubtBy").asText());
    assertFalse(everything().at("/boards/pi-V2").has("quarantined"));

    broker.publish(Message.retained(topic, Bytes.EMPTY));
    assertFalse(everything().at("/boards/pi-V1").has("quarantined"));
    broker.publish(Message.retained(TOPICS.trust("pi-V1"), Bytes.utf8("{")));
    assertEquals(1, everything().at("/site/malformed").asInt());
  }

  @Test
  void frame_notAnImage_showsTheErrorAndKeepsTheThumbnail() throws Exception {
    Tab tab = tab();
    last(tab);
    byte[] noise = new byte[3 << 20];
    new Random(3).nextBytes(noise);
    broker.publish(Message.of(TOPICS.image("gate"), Bytes.wrap(noise)));
    turn();
    pictureTasks.remove(0).run();
    time.passMillis(300);
    turn();

    JsonNode gate = last(tab).at("/cameras/gate");
    assertFalse(gate.get("pictureError").asText().isEmpty());
    assertFalse(gate.has("picture"));
    assertTrue(dashboard.pictures().find("gate").isEmpty());
  }

  @Test
  void tryPicture_isPublishedAsTheDashboardsCamera_getsItsResult() throws Exception {
    turn();
    Bytes image = TestPictures.encoded("jpeg", TestPictures.scene(20, 20));

    CompletableFuture<Bytes> answer = dashboard.tryPicture(image).orElseThrow();
    Message frame = broker.published(TOPICS.image("wall")).get(0);
    assertEquals(image, frame.payload());
    RequestKey key = RequestKey.of("wall", frame.properties().correlation(), image);
    answer("wall");
    turn();
    assertFalse(answer.isDone(), "another frame's result");
    Result own = SiteMessages.answerTo(key, List.of(SiteMessages.vote("V1", "deer", 0.9)));
    broker.publish(SiteMessages.live(own));
    turn();

    JsonNode result = JSON.readTree(answer.get().sharedArray());
    assertEquals("deer", result.get("class").asText());
    assertEquals("V1", result.at("/votes/0/variant").asText());
  }

  @Test
  void tryPicture_tooMany_isRefusedUntilOneEnds() throws Exception {
    Bytes image = TestPictures.encoded("jpeg", TestPictures.scene(20, 20));
    List<CompletableFuture<Bytes>> open = new ArrayList<>();
    for (int i = 0; i < Tries.MAX_OPEN; i++) {
      open.add(dashboard.tryPicture(image).orElseThrow());
    }

    assertTrue(dashboard.tryPicture(image).isEmpty());
    open.get(3).cancel(true);
    assertTrue(dashboard.tryPicture(image).isPresent());
  }

  @Test
  void names_fromTopics_areEscaped() throws Exception {
    broker.publish(
        Message.of("chorale/home/camera/<img src=x>/result", Bytes.utf8("{\"schema\":1}")));
    broker.publish(Message.of("chorale/home/worker/a b/info", Bytes.utf8("{}")));
    answer("gate");
    turn();

    String event = dashboardEvent();

    assertFalse(event.contains("<img"));
    assertTrue(event.contains("\"gate\""));
  }

  private String dashboardEvent() throws Exception {
    Tab tab = tab();
    try {
      return tab.take(0).orElseThrow().utf8();
    } finally {
      tab.close();
    }
  }

  @Test
  void event_isOneLine() throws Exception {
    answer("gate");
    turn();
    assertFalse(dashboardEvent().contains("\n"));
  }
}
