package chorale.aggregator;

import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.TOPICS;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.RendezvousHash;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.TrustCodec;
import chorale.protocol.TrustCodec.Notice;
import chorale.protocol.bus.ServiceEndedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Checks of boards on a site with several aggregators. */
final class ChecksGroupTest {
  private static final List<String> NAMES = List.of("a1", "a2");

  /** One camera owned by each aggregator. */
  private static final List<String> CAMERAS = List.of(cameraOf("a1"), cameraOf("a2"));

  private static final Outcome HONEST = topk(1, .9, 2, .05);
  private static final Outcome OTHER = topk(3, .8, 1, .1);

  private final Rig rig = Rig.ofGroup().fleet(3);
  private final Map<String, Aggregator> running = new LinkedHashMap<>();
  private final Map<RequestKey, String> cameras = new HashMap<>();
  private int read;
  private int frames;
  private boolean firstLies;

  private static String cameraOf(String owner) {
    for (int i = 0; ; i++) {
      if (RendezvousHash.order("camera" + i, NAMES).get(0).equals(owner)) {
        return "camera" + i;
      }
    }
  }

  private void start(String name) {
    running.put(name, rig.aggregator(Rig.withstanding(name, 1), GroupRules.STANDARD));
  }

  private void startAll() {
    NAMES.forEach(this::start);
    pass(2_000);
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

  /** Passes time; boards answer every frame shortly after its arrival. */
  private void pass(long millis) {
    for (long i = 0; i < millis; i += 50) {
      rig.after(50 * MILLI);
      answer();
      turn();
    }
  }

  private void answer() {
    List<Message> all = rig.broker.published();
    for (Message each : all.subList(read, all.size())) {
      if (each.topic().endsWith("/image")) {
        String camera = each.topic().split("/", -1)[3];
        RequestKey key = RequestKey.of(camera, Optional.empty(), each.payload());
        for (int board = 1; board <= 3; board++) {
          boolean lies = firstLies && board == 1 && cameras.containsKey(key);
          reply(camera, key, board, lies ? OTHER : HONEST);
        }
      }
    }
    read = all.size();
  }

  private void reply(String camera, RequestKey key, int board, Outcome outcome) {
    Reply.Author author = Rig.author(Rig.variant(board), Rig.worker(board));
    Reply reply = new Reply(key, camera, author, outcome, 1500, 20);
    rig.broker.publish(
        Message.of(
            TOPICS.reply(camera, author.variant(), author.worker()), rig.replies.encode(reply)));
  }

  private RequestKey frame(String camera) {
    Bytes image = ChecksTest.jpeg(frames++);
    RequestKey key = RequestKey.of(camera, Optional.empty(), image);
    cameras.put(key, camera);
    rig.broker.publish(Message.of(TOPICS.image(camera), image));
    return key;
  }

  /** Returns the cameras of all frames that no camera sent, by key. */
  private Map<RequestKey, String> checks() {
    Map<RequestKey, String> found = new LinkedHashMap<>();
    for (Message each : rig.broker.published()) {
      if (each.topic().endsWith("/image")) {
        String camera = each.topic().split("/", -1)[3];
        found.put(RequestKey.of(camera, Optional.empty(), each.payload()), camera);
      }
    }
    found.keySet().removeAll(cameras.keySet());
    return found;
  }

  private List<Result> results() {
    List<Result> all = new ArrayList<>();
    CAMERAS.forEach(camera -> all.addAll(rig.results(TOPICS.result(camera))));
    return all;
  }

  private void assertNoResultOf(Set<RequestKey> checks) {
    Set<RequestKey> answered = new HashSet<>();
    results().forEach(result -> answered.add(result.requestId()));
    assertEquals(
        cameras.keySet(), answered, "a result for each frame of a camera, none for a check");
    checks.forEach(each -> assertTrue(!answered.contains(each)));
    running.values().forEach(each -> assertEquals(0L, each.counters().get("open_windows")));
  }

  private long count(String name, String counter) {
    return running.get(name).counters().get(counter);
  }

  private void awaitChecks(int count) {
    for (int i = 0; i < 1_000 && checks().size() < count; i++) {
      pass(1_000);
    }
    assertEquals(count, checks().size());
    pass(3_000);
  }

  @Test
  void check_ofAnyCamera_isSentOnlyByTheFirst_andHasNoResult() {
    startAll();
    for (String camera : CAMERAS) {
      frame(camera);
      pass(4_000);
    }
    awaitChecks(6);
    assertEquals(Set.copyOf(CAMERAS), Set.copyOf(checks().values()), "both cameras were chosen");
    assertNoResultOf(checks().keySet());
    assertEquals(6, count("a1", "checks_sent"));
    assertEquals(0, count("a2", "checks_sent"));
    for (String each : NAMES) {
      assertEquals(6, count(each, "frames_check"), each);
      assertEquals(18, count(each, "checked"), each);
    }
    assertEquals(0, count("a2", "checks_right"), "only the first aggregator judges");
  }

  @Test
  void firstIsLost_theNextKeepsTheQuarantineAndContinuesChecks() {
    startAll();
    firstLies = true;
    CAMERAS.forEach(this::frame);
    awaitChecks(1);
    NAMES.forEach(each -> assertEquals(1, count(each, "quarantined"), each));
    firstLies = false;
    running.remove("a1");
    rig.broker.cut("chorale-aggregator-a1");
    pass(2_000);
    for (int i = 0; i < 16; i++) { // older frames are evicted
      frame(CAMERAS.get(1));
      pass(40_000);
    }
    List<Result> all = results();
    assertEquals(List.of("board1"), all.get(all.size() - 1).quarantined());
    for (int i = 0; i < 1_000 && count("a2", "quarantined") > 0; i++) {
      pass(1_000);
    }
    assertEquals(0, count("a2", "quarantined"), "a2 released it");
    assertTrue(count("a2", "checks_sent") >= 10);
    pass(3_000);
    assertNoResultOf(checks().keySet());
  }

  @Test
  void restarted_learnsTheQuarantine() {
    startAll();
    firstLies = true;
    CAMERAS.forEach(this::frame);
    awaitChecks(1);
    for (Aggregator each : running.values()) {
      each.close();
    }
    running.clear();
    startAll();
    frame(CAMERAS.get(0));
    pass(1_000);
    NAMES.forEach(each -> assertEquals(1, count(each, "quarantined"), each));
    List<Result> of = rig.results(TOPICS.result(CAMERAS.get(0)));
    assertEquals(List.of("board1"), of.get(of.size() - 1).quarantined());
  }

  /** The retained notice reaches the new member, which would otherwise publish in its turn. */
  @Test
  void newMember_betweenNoticeAndFrame_doesNotPublishTheCheck() {
    start("a1");
    pass(2_000);
    CAMERAS.forEach(this::frame);
    for (int i = 0; i < 2_000 && rig.broker.published(TOPICS.check("a1")).isEmpty(); i++) {
      pass(50);
    }
    assertEquals(0, checks().size());
    start("a2");
    pass(5_000);
    assertEquals(1, checks().size());
    assertNoResultOf(checks().keySet());
  }

  @Test
  void noticeAfterItsFrame_closesTheWindowUnpublished() {
    startAll();
    for (String camera : CAMERAS) {
      RequestKey key = frame(camera);
      cameras.remove(key);
      turn();
      rig.broker.publish(
          Message.retained(TOPICS.check("a0"), new TrustCodec().encode(new Notice(key, key))));
      turn();
      pass(5_000);
      assertNoResultOf(Set.of(key));
    }
    NAMES.forEach(each -> assertEquals(2, count(each, "decided_without"), each));
    CAMERAS.forEach(this::frame);
    pass(200);
    assertNotEquals(0, results().size(), "no member counts as silent for it");
    assertNoResultOf(Set.of());
  }
}
