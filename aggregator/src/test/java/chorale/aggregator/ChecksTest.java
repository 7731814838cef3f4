package chorale.aggregator;

import static chorale.aggregator.Rig.CAMERA;
import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.TOPICS;
import static chorale.aggregator.Rig.author;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.AskCodec;
import chorale.protocol.Bytes;
import chorale.protocol.CapturedLog;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Reply.Author;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Status;
import chorale.protocol.Trust;
import chorale.protocol.Trust.State;
import chorale.protocol.TrustCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Checks of boards by one aggregator that assumes one liar among three boards. */
final class ChecksTest {
  private static final String IMAGE = TOPICS.image(CAMERA);
  private static final Outcome HONEST = topk(1, .9, 2, .05);
  private static final Outcome OTHER = topk(3, .8, 1, .1);

  private final TrustCodec codec = new TrustCodec();
  private Rig rig = new Rig(Rig.withstanding(1)).fleet(3);
  private int frames;

  // ---- helpers

  /** Returns a minimal distinct JPEG, as far as an aggregator reads it. */
  static Bytes jpeg(int number) {
    byte[] bytes = ByteBuffer.allocate(16).putInt(0xffd8ffdb).putInt(number).array();
    return Bytes.wrap(bytes);
  }

  private RequestKey frame(MessageProperties properties) {
    Bytes image = jpeg(frames++);
    rig.broker.publish(Message.of(IMAGE, image).with(properties));
    return RequestKey.of(CAMERA, properties.correlation(), image);
  }

  /** Publishes a frame that all boards answer, honestly or not. */
  private RequestKey answered(Outcome... outcomes) {
    RequestKey key = frame(MessageProperties.NONE);
    reply(key, outcomes);
    return key;
  }

  private void reply(RequestKey key, Outcome... outcomes) {
    for (int i = 0; i < outcomes.length; i++) {
      rig.reply(key, i + 1, outcomes[i]);
    }
    rig.turn();
  }

  private void pass(long millis) {
    for (long i = 0; i < millis; i += 250) {
      rig.after(250 * MILLI).turn();
    }
  }

  private List<Message> sent() {
    return rig.broker.published(IMAGE);
  }

  private RequestKey last() {
    Message message = sent().get(sent().size() - 1);
    return RequestKey.of(CAMERA, message.properties().correlation(), message.payload());
  }

  /** Passes time until a check is sent. */
  private RequestKey check() {
    int before = sent().size();
    for (int i = 0; i < 3_000 && sent().size() == before; i++) {
      pass(250);
    }
    assertEquals(before + 1, sent().size(), "checks sent");
    return last();
  }

  private Optional<Trust> trust(int board) {
    List<Message> said = rig.broker.published(TOPICS.trust(Rig.worker(board)));
    return said.isEmpty()
        ? Optional.empty()
        : Optional.of(trust(Rig.worker(board), said.get(said.size() - 1)));
  }

  private Trust trust(String worker, Message message) {
    try {
      assertTrue(message.retain());
      return codec.decodeTrust(worker, message.payload());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private void operator(int board, State state) {
    Trust trust =
        new Trust(
            Rig.worker(board),
            state,
            Trust.OPERATOR,
            "it was stolen",
            Instant.parse("2026-11-23T13:00:00Z"),
            0);
    rig.broker.publish(Message.retained(TOPICS.trust(trust.worker()), codec.encode(trust)));
    rig.turn();
  }

  /** Lets board 1 fail the first check. */
  private void quarantineFirst() {
    answered(HONEST, HONEST, HONEST);
    reply(check(), OTHER, HONEST, HONEST);
    assertTrue(trust(1).orElseThrow().isQuarantined());
  }

  private Result result(Outcome... outcomes) {
    RequestKey key = answered(outcomes);
    return rig.results().stream()
        .filter(each -> each.requestId().equals(key))
        .findFirst()
        .orElseThrow();
  }

  // ---- checks

  @Test
  void check_isTheSameFrameInOtherBytes_andHasNoResult() {
    MessageProperties properties =
        MessageProperties.NONE
            .withCorrelation(Optional.of(Bytes.utf8("id")))
            .withResponseTopic(Optional.of(TOPICS.cameraPrefix(CAMERA) + "response/a"))
            .withUser("k", "1");
    RequestKey key = frame(properties);
    reply(key, HONEST, HONEST, HONEST);
    int before = rig.broker.published().size();
    pass(59_000);
    assertEquals(1, sent().size(), "not before it is due");
    RequestKey check = check();
    reply(check, HONEST, HONEST, HONEST);
    pass(5_000);

    assertNotEquals(key, check);
    Message sent = sent().get(1);
    assertEquals(properties.withResponseTopic(Optional.empty()), sent.properties());
    assertEquals(sent().get(0).qos(), sent.qos());
    assertEquals(1, rig.results().size());
    List<String> since =
        rig.broker.published().subList(before, rig.broker.published().size()).stream()
            .map(Message::topic)
            .filter(topic -> !topic.contains("/reply/") && !topic.endsWith("/health"))
            .toList();
    List<String> trusts =
        List.of(TOPICS.trust("board1"), TOPICS.trust("board2"), TOPICS.trust("board3"));
    List<String> expected = new ArrayList<>(List.of(TOPICS.check("main"), IMAGE));
    expected.addAll(trusts);
    assertEquals(expected, since);
    assertEquals(1, trust(1).orElseThrow().rightChecks());
    assertFalse(trust(1).orElseThrow().isQuarantined());
    assertEquals(3, rig.count("checks_right"));
    assertEquals(0, rig.count("checks_wrong"));
    assertEquals(3, rig.count("checked"));
    assertEquals(1, rig.count("frames_check"));
    assertEquals(1, rig.count("frames_opened"));
    assertEquals(1, rig.count("answered") + rig.count("unsure"));
    assertEquals(0, rig.count("open_windows"));
  }

  @Test
  void check_withoutLiarsAssumed_isNeverSent() {
    rig = new Rig(Rig.withstanding(0)).fleet(3);
    answered(HONEST, HONEST, HONEST);
    int before = rig.broker.published().size();
    operator(1, State.QUARANTINED);
    pass(700_000);
    assertEquals(
        before + 1 + 70,
        rig.broker.published().size(),
        "only the operator's message, and health every 10 s");
    assertEquals(0, rig.count("quarantined"));
  }

  @Test
  void check_onASiteWithTiers_isAskedOfLaterTiersToo() throws MalformedException {
    rig.worker(Rig.variant(4), Rig.worker(4), TiersTest.inTier(2, List.of()));
    rig.turn();
    answered(HONEST, HONEST, HONEST);

    RequestKey check = check();

    List<Message> asks = rig.broker.published(TOPICS.ask(CAMERA, 2));
    assertEquals(1, asks.size());
    assertEquals(check, AskCodec.decode(asks.get(0).payload()).key());
  }

  @Test
  void check_afterTenRightOnes_isTenTimesRarer() {
    answered(HONEST, HONEST, HONEST);
    for (int i = 0; i < 10; i++) {
      reply(check(), HONEST, HONEST, HONEST);
    }
    int sent = sent().size();
    pass(595_000);
    assertEquals(sent, sent().size());
    check();
  }

  @Test
  void check_ofAFrameThatCannotBeVaried_isNotSent() {
    rig.frame("no image");
    rig.turn();
    answered();
    pass(200_000);
    assertEquals(2, sent().size());
  }

  @Test
  void check_withoutReplies_isNotRepeatedAtOnce() {
    answered(HONEST, HONEST, HONEST);
    check();
    int sent = sent().size();
    pass(59_000);
    assertEquals(sent, sent().size());
    assertEquals(0, rig.count("checks_wrong"));
  }

  @Test
  void check_answeredOverloaded_isNoFailure() {
    answered(HONEST, HONEST, HONEST);
    RequestKey key = check();
    reply(key, Rig.error(ReplyError.OVERLOADED), HONEST, HONEST);
    reply(key, OTHER);
    assertEquals(1, rig.count("checks_wrong"), "its second, wrong reply is a failure");
    assertEquals(Optional.of("board1"), trust(1).map(Trust::worker));
  }

  @Test
  void check_repliedTwice_countsOnce() {
    answered(HONEST, HONEST, HONEST);
    RequestKey key = check();
    for (int i = 0; i < 20; i++) {
      reply(key, HONEST, HONEST, HONEST);
    }
    assertEquals(1, trust(1).orElseThrow().rightChecks());
    assertEquals(3, rig.count("checks_right"));
  }

  @Test
  void check_ofABoardThatHasChangedItsModel_isNoFailure() {
    answered(HONEST, HONEST, HONEST);
    RequestKey key = check();
    Author old = author("V1", "board1");
    Author updated =
        new Author(
            old.variant(),
            old.worker(),
            2,
            old.alpha(),
            old.inputSize(),
            old.classCount(),
            old.classDigest(),
            100);
    rig.worker(updated, Rig.CLASSES);
    rig.reply(key, updated, OTHER);
    rig.turn();
    assertEquals(0, rig.count("checks_wrong"));
    assertEquals(Optional.empty(), trust(1));
    assertEquals(0, rig.count("quarantined"));
  }

  // ---- quarantine

  @Test
  void failed_itsVotesDoNotCount_andThisIsReported() {
    try (CapturedLog log = new CapturedLog(TrustDesk.class)) {
      quarantineFirst();
      assertEquals(
          List.of(
              "worker board1 is quarantined by aggregator main: its probabilities changed when"
                  + " a frame of camera gate was sent again (by up to 0.8000); its votes do not"
                  + " count"),
          log.lines());
    }
    Result result = result(OTHER, HONEST, HONEST);
    assertEquals("cat", result.answer().orElseThrow().name());
    assertEquals(List.of("board1"), result.quarantined());
    assertEquals(
        List.of(new Result.Missing("V1", MissingReason.QUARANTINED, Optional.empty())),
        result.missing());
    assertEquals(DecidedBy.ALL, result.decidedBy(), "the board is not waited for");
    assertEquals(Status.ANSWERED, result.status(), "and does not count as a possible liar");
    assertEquals(1, rig.count("quarantined"));
    assertEquals(1, rig.count("excluded"));
  }

  @Test
  void quarantined_closeVotes_doNotCountAsAPossibleLiar() {
    quarantineFirst();
    for (Status expected : List.of(Status.ANSWERED, Status.PARTIAL)) {
      RequestKey key = frame(MessageProperties.NONE);
      rig.reply(key, 2, topk(1, .5, 3, .4));
      rig.reply(key, 3, topk(3, .45, 1, .4));
      pass(250);
      Result last = rig.results().get(rig.results().size() - 1);
      assertEquals(key, last.requestId());
      assertEquals(expected, last.status());
      operator(1, State.TRUSTED); // its vote could now change the class
    }
  }

  @Test
  void quarantined_isStillChecked_andTenRightChecksReleaseIt() {
    quarantineFirst();
    for (int i = 0; i < 10; i++) {
      assertEquals(1, rig.count("quarantined"), "after " + i);
      reply(check(), HONEST, HONEST, HONEST);
    }
    assertEquals(0, rig.count("quarantined"));
    Result result = result(HONEST, HONEST, HONEST);
    assertEquals(List.of(), result.quarantined());
    assertEquals("board1", result.answered().get(0).worker());
  }

  @Test
  void failed_aboveTheLimit_stillVotesAndIsReported() {
    try (CapturedLog log = new CapturedLog(TrustDesk.class)) {
      quarantineFirst();
      reply(check(), HONEST, OTHER, HONEST);
      assertEquals(1, rig.count("quarantined"));
      assertTrue(trust(2).orElseThrow().isSuspected());
      String line = log.lines().get(1);
      assertTrue(line.startsWith("worker board2 failed a check: "), line);
      assertTrue(line.endsWith("(now [board1]); decide with 'chorale trust'"), line);
    }
    assertEquals("board2", result(OTHER, HONEST, HONEST).answered().get(0).worker());
  }

  @Test
  void operator_quarantinesAndReleases() {
    operator(2, State.QUARANTINED);
    assertEquals(List.of("board2"), result(HONEST, HONEST, HONEST).quarantined());
    operator(3, State.QUARANTINED);
    assertEquals(
        List.of("board2", "board3"),
        result(HONEST, HONEST, HONEST).quarantined(),
        "two boards, as the operator decided");
    operator(2, State.TRUSTED);
    rig.broker.publish(Message.retained(TOPICS.trust("board3"), Bytes.EMPTY));
    rig.turn();
    assertEquals(List.of(), result(HONEST, HONEST, HONEST).quarantined());
  }

  @Test
  void trust_malformed_isReportedAndChangesNothing() {
    try (CapturedLog log = new CapturedLog(TrustDesk.class)) {
      operator(2, State.QUARANTINED);
      rig.broker.publish(Message.retained(TOPICS.trust("board2"), Bytes.utf8("trusted")));
      rig.turn();
      assertEquals(1, rig.count("status_malformed"));
      assertEquals(1, rig.count("quarantined"));
      assertTrue(
          log.lines().get(1).startsWith("ignored the trust state of worker board2: "),
          log.lines().get(1));
    }
  }

  /** The window's bound assumes that the vote does not count. */
  @Test
  void release_whileAWindowIsOpen_appliesToTheNextOne() {
    quarantineFirst();
    RequestKey key = frame(MessageProperties.NONE);
    rig.turn();
    operator(1, State.TRUSTED);
    reply(key, HONEST, HONEST, HONEST);
    Result result = rig.results().get(rig.results().size() - 1);
    assertEquals(key, result.requestId());
    assertEquals(List.of("board1"), result.quarantined());
    assertEquals(2, result.answered().size());
  }

  @Test
  void quarantined_offline_isOfflineAndNoLongerListed() {
    quarantineFirst();
    rig.availability("board1", false);
    Result result = result(HONEST, HONEST, HONEST);
    assertEquals(List.of(), result.quarantined());
    assertEquals(MissingReason.OFFLINE, result.missing().get(0).reason());
    assertEquals(Status.ANSWERED, result.status());
    assertEquals(1, rig.count("excluded"), "if it is back while the window is open");
  }

  // ---- restarts

  @Test
  void brokerThatForgets_getsTheDecisionsAgain() {
    quarantineFirst();
    int said = rig.broker.published(TOPICS.trust("board1")).size();
    rig.broker.stop();
    rig.broker.start();
    rig.fleet(3);
    assertEquals(List.of("board1"), result(HONEST, HONEST, HONEST).quarantined());
    pass(2_000);
    assertEquals(said + 1, rig.broker.published(TOPICS.trust("board1")).size());
    assertTrue(trust(1).orElseThrow().isQuarantined());
  }

  @Test
  void brokerThatRemembers_getsNothing_andItsDecisionsApply() {
    quarantineFirst();
    rig.broker.cut("chorale-aggregator-main");
    operator(1, State.TRUSTED);
    int said = rig.broker.published().size();
    rig.broker.restore("chorale-aggregator-main");
    rig.fleet(3);
    pass(2_000);
    assertEquals(
        0,
        rig.broker.published().subList(said, rig.broker.published().size()).stream()
            .filter(message -> message.topic().endsWith("/trust"))
            .count());
    assertEquals(List.of(), result(HONEST, HONEST, HONEST).quarantined());
  }

  @Test
  void connectionLost_betweenNoticeAndFrame_noFrameIsSent() {
    answered(HONEST, HONEST, HONEST);
    int sent = sent().size();
    for (int i = 0; i < 1_000 && rig.broker.published(TOPICS.check("main")).isEmpty(); i++) {
      pass(250);
    }
    assertEquals(sent, sent().size());
    rig.broker.stop();
    rig.broker.start();
    rig.turn();
    pass(500);
    assertEquals(sent, sent().size());
  }
}
