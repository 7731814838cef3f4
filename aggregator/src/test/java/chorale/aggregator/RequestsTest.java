package chorale.aggregator;

import static chorale.aggregator.Rig.CAMERA;
import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.TOPICS;
import static chorale.aggregator.Rig.author;
import static chorale.aggregator.Rig.key;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Failure;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.Reply;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Status;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The handling of frames and replies, and the destinations of results. */
final class RequestsTest {

  private static MessageProperties respondTo(String topic) {
    return MessageProperties.NONE
        .withCorrelation(Optional.of(Bytes.utf8("id-1")))
        .withResponseTopic(Optional.of(topic));
  }

  // ---- frames

  @Test
  void frame_keyIsOpen_joinsTheWindow() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    RequestKey key = rig.frame("cat.jpg");
    rig.after(40 * MILLI).frame("cat.jpg");
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(40, rig.result().latencyMillis(), "measured from the first frame");
    assertEquals(1, rig.count("frames_opened"));
    assertEquals(1, rig.count("frames_joined"));
  }

  @Test
  void frame_joinsWithAnotherResponseTopic_bothAreAnswered() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.frame("cat.jpg", respondTo("answers/a"));
    rig.frame("cat.jpg", respondTo("answers/b"));
    rig.frame("cat.jpg", respondTo("answers/b"));
    rig.reply(key("cat.jpg", "id-1"), 1, topk(1, 0.9));
    rig.turn();
    assertEquals(1, rig.results().size());
    assertEquals(1, rig.results("answers/a").size());
    assertEquals(1, rig.results("answers/b").size());
  }

  @Test
  void retry_afterTheDecision_getsItAgainMarkedRepeated() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.frame("cat.jpg", respondTo("answers/a"));
    rig.reply(key("cat.jpg", "id-1"), 1, topk(1, 0.9));
    rig.turn();
    Result decided = rig.result();
    rig.after(MILLI).frame("cat.jpg", respondTo("answers/b"));
    rig.reply(key("cat.jpg", "id-1"), 1, topk(2, 0.9));
    rig.turn();
    assertEquals(List.of(decided, decided.asRepeated()), rig.results());
    assertEquals(List.of(decided), rig.results("answers/a"));
    assertEquals(List.of(decided.asRepeated()), rig.results("answers/b"));
    List<Message> sent = rig.broker.published(TOPICS.result(CAMERA));
    assertTrue(sent.get(0).retain());
    assertFalse(sent.get(1).retain(), "must not replace a newer result");
    assertEquals(1, rig.count("frames_repeated"));
    assertEquals(1, rig.count("late"));
  }

  @Test
  void retry_afterItsResultWasEvicted_isANewRequest() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    for (int i = 0; i <= Rig.SETTINGS.remembered(); i++) {
      rig.reply(rig.frame("cat.jpg", "id-" + i), 1, topk(1, 0.9));
    }
    rig.turn();
    assertEquals(Rig.SETTINGS.remembered(), rig.count("remembered"));
    rig.reply(rig.frame("cat.jpg", "id-0"), 1, topk(1, 0.9));
    rig.turn();
    assertEquals(0, rig.count("frames_repeated"));
    assertEquals(102, rig.results().size());
  }

  @Test
  void bareFrame_afterTheDecision_isANewRequest() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    for (int i = 0; i < 2; i++) {
      RequestKey key = rig.frame("cat.jpg");
      rig.after(MILLI).reply(key, 1, topk(1, 0.9));
      rig.turn();
    }
    assertEquals(2, rig.results().size());
    assertFalse(rig.results().get(1).repeated());
  }

  @Test
  void bareFrame_afterTheDeadlineInTheSameTurn_isANewRequest() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.frame("cat.jpg");
    RequestKey key = rig.after(100 * MILLI + 1).frame("cat.jpg");
    rig.after(MILLI).reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(
        List.of(Status.NO_ANSWER, Status.ANSWERED),
        rig.results().stream().map(Result::status).toList());
  }

  @Test
  void badRequest_isAnsweredAtOnce() {
    Rig rig = new Rig().fleet(1);
    rig.frame("cat.jpg", respondTo("answers/a").withUser("deadline-ms", "0"));
    rig.turn();
    Result result = rig.result();
    assertEquals(Status.NO_ANSWER, result.status());
    assertEquals(DecidedBy.REQUEST, result.decidedBy());
    assertEquals(
        Optional.of(new Failure(Failure.BAD_REQUEST, "deadline-ms '0', allowed: 1 to 60000")),
        result.error());
    assertFalse(
        rig.broker.published(TOPICS.result(CAMERA)).get(0).retain(),
        "there is no answer to retain");
    assertEquals(List.of(result), rig.results("answers/a"));
    assertEquals(0, rig.count("open_windows"));
    assertEquals(1, rig.count("frames_bad"));
  }

  @Test
  void badRequest_ofAnOpenKey_joinsIt() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    RequestKey key = rig.frame("cat.jpg");
    rig.frame("cat.jpg", MessageProperties.NONE.withUser("k", "99"));
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(Status.ANSWERED, rig.result().status());
  }

  @Test
  void badRequest_corrected_isAccepted() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.frame("cat.jpg", respondTo("answers/a").withUser("deadline-ms", "0"));
    rig.turn();
    rig.frame("cat.jpg", respondTo("answers/a").withUser("deadline-ms", "100"));
    rig.reply(key("cat.jpg", "id-1"), 1, topk(1, 0.9));
    rig.turn();
    assertEquals(
        List.of(Status.NO_ANSWER, Status.ANSWERED),
        rig.results("answers/a").stream().map(Result::status).toList());
    assertFalse(rig.results().get(1).repeated());
    assertEquals(0, rig.count("frames_repeated"));
  }

  @Test
  void badRequest_again_isRefusedAgain() {
    Rig rig = new Rig().fleet(1);
    for (int i = 0; i < 2; i++) {
      rig.frame("cat.jpg", respondTo("answers/a").withUser("deadline-ms", "0"));
    }
    rig.turn();
    assertEquals(2, rig.count("frames_bad"));
    assertEquals(0, rig.count("remembered"));
    assertFalse(rig.results().get(1).repeated());
  }

  @Test
  void badRequest_emptyCorrelationData_isAnotherRequestThanNone() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    MessageProperties empty = MessageProperties.NONE.withCorrelation(Optional.of(Bytes.EMPTY));
    RequestKey bare = rig.frame("cat.jpg");
    rig.frame("cat.jpg", empty); // while the bare request is open
    rig.reply(bare, 1, topk(1, 0.9));
    rig.turn();
    rig.frame("cat.jpg", empty); // after the bare request
    rig.frame("cat.jpg");
    rig.reply(bare, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(
        List.of(Status.NO_ANSWER, Status.ANSWERED, Status.NO_ANSWER, Status.ANSWERED),
        rig.results().stream().map(Result::status).toList());
    assertTrue(
        rig.results()
            .get(0)
            .error()
            .orElseThrow()
            .detail()
            .contains("correlation data of 0 bytes"));
    assertFalse(rig.results().get(0).requestId().equals(bare));
    assertEquals(0, rig.count("frames_joined"));
  }

  @Test
  void budgetAndK_fromTheFrame_areUsed() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.frame(
        "cat.jpg",
        MessageProperties.NONE
            .withUser("deadline-ms", "7")
            .withUser("k", "1")
            .withUser("captured-at", "noon"));
    rig.info("V2", "board2");
    rig.reply(key("cat.jpg"), author("V2", "board2"), topk(1, 0.9, 2, 0.1));
    assertEquals(7 * MILLI + 1, rig.turn());
    rig.after(7 * MILLI + 1).turn();
    assertEquals(7, rig.result().deadlineMillis());
    assertEquals(1, rig.result().answer().orElseThrow().topk().size());
    assertEquals(Optional.of("noon"), rig.result().capturedAt());
  }

  @Test
  void frames_ignored_areCountedByReason() {
    Rig rig = new Rig();
    rig.frame("", MessageProperties.NONE);
    rig.broker.publish(Message.of("chorale/home/camera/bad name/image", Bytes.utf8("x")));
    rig.broker.publish(Message.of("chorale/home/camera/bad name/image", Bytes.utf8("x")));
    Message kept =
        new Message(
            TOPICS.image(CAMERA), Bytes.utf8("x"), Qos.AT_LEAST_ONCE, true, MessageProperties.NONE);
    rig.deliver(kept);
    rig.turn();
    assertEquals(4, rig.count("frames"));
    assertEquals(1, rig.count("frames_empty"));
    assertEquals(2, rig.count("frames_invalid_name"));
    assertEquals(1, rig.count("frames_retained"));
    assertEquals(0, rig.count("open_windows"));
  }

  // ---- destinations of results

  @Test
  void result_responseTopicAllowed_isSentThereWithCorrelation() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.frame("cat.jpg", respondTo("chorale/home/camera/gate/response/mine"));
    rig.reply(key("cat.jpg", "id-1"), 1, topk(1, 0.9));
    rig.turn();
    Message response = rig.broker.published("chorale/home/camera/gate/response/mine").get(0);
    assertFalse(response.retain());
    assertEquals(Optional.of(Bytes.utf8("id-1")), response.properties().correlation());
    assertEquals(Optional.of("application/json"), response.properties().contentType());
    Message result = rig.broker.published(TOPICS.result(CAMERA)).get(0);
    assertTrue(result.retain());
    assertEquals(Qos.AT_LEAST_ONCE, result.qos());
    assertEquals(Optional.empty(), result.properties().correlation());
    assertEquals(result.payload(), response.payload());
  }

  @Test
  void result_responseTopicIsTheResultTopic_isSentOnce() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.frame("cat.jpg", respondTo(TOPICS.result(CAMERA)));
    rig.reply(key("cat.jpg", "id-1"), 1, topk(1, 0.9));
    rig.turn();
    rig.result();
    Message sent = rig.broker.published(TOPICS.result(CAMERA)).get(0);
    assertTrue(sent.retain());
    assertEquals(Optional.of(Bytes.utf8("id-1")), sent.properties().correlation());
  }

  @Test
  void result_responseTopicRefused_isNamedAndCounted() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.frame("cat.jpg", respondTo("chorale/home/camera/other/result"));
    rig.reply(key("cat.jpg", "id-1"), 1, topk(1, 0.9));
    rig.turn();
    assertEquals(
        Optional.of("chorale/home/camera/other/result"), rig.result().responseTopicRefused());
    assertEquals(List.of(), rig.broker.published("chorale/home/camera/other/result"));
    assertEquals(1, rig.count("response_topics_refused"));
  }

  @Test
  void result_asJson_isAsDocumented() {
    Rig rig = new Rig().fleet(3);
    rig.availability("board3", false);
    RequestKey key = rig.frame("cat.jpg", "id-1");
    rig.after(2 * MILLI).reply(key, 1, topk(1, 0.75, 3, 0.25));
    rig.after(MILLI / 2).reply(key, 2, topk(1, 0.5, 2, 0.25));
    rig.turn();
    assertEquals(
        "{\"schema\":1,\"request_id\":\""
            + key.hex()
            + "\",\"camera\":\"gate\",\"ts\":\"2026-11-23T12:00:00Z\",\"status\":\"partial\","
            + "\"class\":\"cat\",\"class_index\":1,\"confidence\":0.303571,\"score\":0.607143,"
            + "\"topk\":[{\"class\":\"cat\",\"class_index\":1,\"score\":0.607143},"
            + "{\"class\":\"deer\",\"class_index\":2,\"score\":0.142857}],"
            + "\"fusion\":\"scaled-sum\",\"withstands\":0,\"decided_by\":\"all\",\"answered\":["
            + "{\"worker\":\"board1\",\"variant\":\"V1\",\"class\":\"cat\",\"probability\":0.75,"
            + "\"inference_ms\":1.5,\"arrived_ms\":2.0},"
            + "{\"worker\":\"board2\",\"variant\":\"V2\",\"class\":\"cat\",\"probability\":0.5,"
            + "\"inference_ms\":1.5,\"arrived_ms\":2.5}],"
            + "\"missing\":[{\"variant\":\"V3\",\"reason\":\"offline\"}],"
            + "\"latency_ms\":2.5,\"deadline_ms\":100,\"aggregator\":\"main\",\"seq\":1,\"repeated\":false}",
        rig.broker.published(TOPICS.result(CAMERA)).get(0).payload().utf8());
  }

  // ---- replies

  @Test
  void early_replyWithinASecond_countsWhenItsFrameArrives() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    rig.reply(key("cat.jpg"), 1, topk(1, 0.9));
    rig.turn();
    assertEquals(1, rig.count("waiting_replies"));
    RequestKey key = rig.after(1000 * MILLI).frame("cat.jpg");
    rig.reply(key, 2, topk(1, 0.9));
    rig.turn();
    assertEquals(2, rig.result().answered().size());
    assertEquals(0, rig.result().answered().get(0).arrivedMillis());
    assertEquals(0, rig.count("waiting_replies"));
  }

  @Test
  void early_replyAfterASecond_isUnknown() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    rig.reply(key("cat.jpg"), 1, topk(1, 0.9));
    assertEquals(1000 * MILLI + 1, rig.turn());
    rig.after(1000 * MILLI + 1).frame("cat.jpg");
    rig.turn();
    assertEquals(1, rig.count("unknown"));
    assertEquals(0, rig.count("accepted"));
  }

  @Test
  void early_tooMany_theOldestIsUnknown() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    for (int i = 0; i < EarlyReplies.MAX + 1; i++) {
      rig.reply(key(i + ".jpg"), 1, topk(1, 0.9));
    }
    rig.turn();
    assertEquals(EarlyReplies.MAX, rig.count("waiting_replies"));
    assertEquals(1, rig.count("unknown"));
    rig.frame("0.jpg");
    rig.frame("1.jpg");
    rig.turn();
    assertEquals(key("1.jpg"), rig.result().requestId());
  }

  @Test
  void reply_afterTheWindowClosed_isLateIfNoFrameArrives() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, topk(1, 0.9));
    rig.reply(key, author("V1", "replica"), topk(1, 0.9));
    rig.turn();
    assertEquals(1, rig.count("waiting_replies"));
    rig.after(1001 * MILLI).turn();
    assertEquals(1, rig.count("late"));
    assertEquals(0, rig.count("unknown"));
  }

  @Test
  void reply_afterARetryableWindowClosed_isLateAtOnce() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    RequestKey key = rig.frame("cat.jpg", "id-1");
    rig.reply(key, 1, topk(1, 0.9));
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(1, rig.count("late"));
  }

  @Test
  void reply_thatDoesNotDecode_isMalformed() {
    Rig rig = new Rig().fleet(1);
    rig.broker.publish(Message.of(TOPICS.reply(CAMERA, "V1", "board1"), Bytes.utf8("no")));
    rig.turn();
    assertEquals(1, rig.count("malformed"));
  }

  @Test
  void reply_topicAndContentDisagree_isForeign() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    Reply reply = new Reply(key, CAMERA, author("V1", "board1"), topk(1, 0.9), 1, 1);
    Bytes payload = rig.replies.encode(reply);
    for (String topic :
        List.of(
            TOPICS.reply("other", "V1", "board1"),
            TOPICS.reply(CAMERA, "V2", "board1"),
            TOPICS.reply(CAMERA, "V1", "board2"),
            TOPICS.reply(CAMERA, "V1", "board11"),
            "chorale/home/camera/gate/reply/V 1/board1")) {
      rig.broker.publish(Message.of(topic, payload));
    }
    rig.turn();
    assertEquals(5, rig.count("foreign"));
    assertEquals(1, rig.count("replies_invalid_name"));
    assertEquals(0, rig.count("accepted"));
  }
}
