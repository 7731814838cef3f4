package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {
  private static final String IMAGE = "chorale/home/camera/gate/image";
  private static final Bytes PAYLOAD = Bytes.utf8("not checked here");

  private static final Topics TOPICS = new Topics("home");

  private final RequestRules rules =
      new RequestRules(
          TOPICS,
          RequestRules.Defaults.STANDARD,
          List.of("dashboards/", "chorale/home/", "chorale/second/camera/", "$SYS/"));

  private Judgment<Request> judge(Message message) {
    return rules.judge(TOPICS.parse(message.topic()), message);
  }

  private Judgment<Request> judge(MessageProperties properties) {
    return judge(Message.of(IMAGE, PAYLOAD).with(properties));
  }

  private Request accepted(MessageProperties properties) {
    return ((Judgment.Accepted<Request>) judge(properties)).value();
  }

  private Judgment.Bad<Request> bad(MessageProperties properties) {
    return (Judgment.Bad<Request>) judge(properties);
  }

  @Test
  void judge_bareImage_getsTheDefaults() {
    Request request = accepted(MessageProperties.NONE);
    assertEquals("gate", request.camera());
    assertEquals(1000, request.budgetMillis());
    assertEquals(2, request.k());
    assertEquals(Optional.empty(), request.correlation());
    assertEquals(Optional.empty(), request.responseTopic());
  }

  @Test
  void judge_everyProperty_isTaken() {
    Request request =
        accepted(
            MessageProperties.NONE
                .withCorrelation(Optional.of(Bytes.utf8("c-1")))
                .withResponseTopic(Optional.of("chorale/home/camera/gate/response/1"))
                .withUser("deadline-ms", "250")
                .withUser("k", "5")
                .withUser("captured-at", "whenever"));
    assertEquals(250, request.budgetMillis());
    assertEquals(5, request.k());
    assertEquals(Optional.of("whenever"), request.capturedAt());
    assertEquals(Optional.of("chorale/home/camera/gate/response/1"), request.responseTopic());
    assertEquals(RequestKey.of("gate", Optional.of(Bytes.utf8("c-1")), PAYLOAD), request.key());
  }

  @Test
  void judge_longTexts_areOmittedOrCut() {
    String longText = "x".repeat(257);
    Request request =
        accepted(
            MessageProperties.NONE
                .withResponseTopic(Optional.of(longText))
                .withUser("captured-at", longText));
    assertEquals(Optional.empty(), request.capturedAt());
    assertEquals(Optional.of("x".repeat(256) + "..."), request.refusedResponseTopic());
  }

  @ParameterizedTest
  @CsvSource({"1,1", "60000,60000"})
  void judge_deadlineInRange_isTaken(String text, int millis) {
    assertEquals(
        millis, accepted(MessageProperties.NONE.withUser("deadline-ms", text)).budgetMillis());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "60001", "-1", "1.5", "", "1e3", "99999999999999999999", "٣"})
  void judge_deadlineOutOfRange_isBadAndSaysWhatIsAllowed(String text) {
    Judgment.Bad<Request> bad = bad(MessageProperties.NONE.withUser("deadline-ms", text));
    assertTrue(bad.detail().contains("deadline-ms"), bad.detail());
    assertTrue(bad.detail().contains("1 to 60000"), bad.detail());
    assertEquals(1000, bad.value().budgetMillis());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "17", "two"})
  void judge_kOutOfRange_isBad(String text) {
    assertTrue(bad(MessageProperties.NONE.withUser("k", text)).detail().contains("1 to 16"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65, 1000})
  void judge_correlationLengthOutOfRange_isBadAndStillEchoed(int length) {
    Bytes correlation = Bytes.wrap(new byte[length]);
    Judgment.Bad<Request> bad =
        bad(MessageProperties.NONE.withCorrelation(Optional.of(correlation)));
    assertEquals(Optional.of(correlation), bad.value().correlation());
  }

  @Test
  void judge_imageOverTheLimit_isBad() {
    Bytes largest = Bytes.wrap(new byte[Limits.MAX_IMAGE_BYTES]);
    Bytes tooLarge = Bytes.wrap(new byte[Limits.MAX_IMAGE_BYTES + 1]);
    assertInstanceOf(Judgment.Accepted.class, judge(Message.of(IMAGE, largest)));
    assertInstanceOf(Judgment.Bad.class, judge(Message.of(IMAGE, tooLarge)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chorale/home/camera/gate/image",
        "chorale/home/camera/gate/reply/V1/w",
        "chorale/home/camera/gate/tensor/2",
        "chorale/home/camera/gate/availability",
        "chorale/home/camera/gate/class",
        "chorale/home/camera/gate/ask/2",
        "chorale/home/camera/gate/later-word",
        "chorale/home/camera/gate/responses",
        "chorale/home/camera/gate/result/",
        "chorale/home/camera/gate/",
        "chorale/home/camera/door/result",
        "chorale/home/camera/door/image",
        "chorale/home/worker/pi/availability",
        "chorale/home/aggregator/main/info",
        "chorale/home/dashboard/x",
        "chorale/second/camera/gate/class",
        "chorale/second/worker/pi/health",
        "chorale/third/camera/gate/response",
        "chorale",
        "chorale/home/camera/gate/+",
        "chorale/home/camera/gate/response/#",
        "chorale/home/camera/gate/response/\0",
        "dashboards/#",
        "elsewhere/x",
        "$SYS/broker",
        "$share/group/chorale/home/camera/gate/response",
        ""
      })
  void judge_forbiddenResponseTopic_isRefusedAndNamed(String topic) {
    Request request = accepted(MessageProperties.NONE.withResponseTopic(Optional.of(topic)));
    assertEquals(Optional.empty(), request.responseTopic());
    assertEquals(Optional.of(topic), request.refusedResponseTopic());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chorale/home/camera/gate/result",
        "chorale/home/camera/gate/response",
        "chorale/home/camera/gate/response/to/me",
        "chorale/home/camera/door/response/1",
        "chorale/second/camera/gate/response",
        "dashboards/gate",
        "dashboards/chorale/home/camera/gate/image"
      })
  void judge_allowedResponseTopic_isTaken(String topic) {
    Request request = accepted(MessageProperties.NONE.withResponseTopic(Optional.of(topic)));
    assertEquals(Optional.of(topic), request.responseTopic());
    assertEquals(Optional.empty(), request.refusedResponseTopic());
  }

  @Test
  void judge_noConfiguredPrefix_allowsTheCamerasOwnResponses() {
    RequestRules strict = new RequestRules(TOPICS, RequestRules.Defaults.STANDARD, List.of());
    for (String topic :
        List.of("chorale/home/camera/door/response", "dashboards/gate", "chorale/x/response")) {
      Message frame =
          Message.of(IMAGE, PAYLOAD)
              .with(MessageProperties.NONE.withResponseTopic(Optional.of(topic)));
      Request request =
          ((Judgment.Accepted<Request>) strict.judge(TOPICS.parse(IMAGE), frame)).value();
      assertEquals(Optional.of(topic), request.refusedResponseTopic());
    }
  }

  @Test
  void judge_notARequest_isIgnoredWithItsReason() {
    assertEquals(
        new Judgment.Ignored<>(IgnoredReason.RETAINED), judge(Message.retained(IMAGE, PAYLOAD)));
    assertEquals(
        new Judgment.Ignored<>(IgnoredReason.EMPTY), judge(Message.of(IMAGE, Bytes.EMPTY)));
    assertEquals(
        new Judgment.Ignored<>(IgnoredReason.INVALID_NAME),
        judge(Message.of("chorale/home/camera/my gate/image", PAYLOAD)));
    assertEquals(
        new Judgment.Ignored<>(IgnoredReason.NOT_AN_IMAGE_TOPIC),
        judge(Message.of("chorale/home/camera/gate/result", PAYLOAD)));
  }

  @Test
  void requestKey_ofKnownInput_isTheGoldenOne() {
    // printf 'gate\0\0\3abcimage' | sha256sum
    assertEquals(
        "d9e564d14f80c502a92140e7edb4278f",
        RequestKey.of("gate", Optional.of(Bytes.utf8("abc")), Bytes.utf8("image")).hex());
  }

  @Test
  void requestKey_withoutCorrelation_isTheGoldenOne() {
    // printf 'gate\0\0\0image' | sha256sum
    assertEquals(
        "03f85e06339228a81ef16345b37d92da",
        RequestKey.of("gate", Optional.empty(), Bytes.utf8("image")).hex());
  }

  @Test
  void requestKey_emptyCorrelation_isTheGoldenOne() {
    // printf 'gate\1\0\0image' | sha256sum
    assertEquals(
        "5c6b4961086e0a966042e1cc19eae8b4",
        RequestKey.of("gate", Optional.of(Bytes.EMPTY), Bytes.utf8("image")).hex());
  }

  @Test
  void requestKey_bytesMovedBetweenItsParts_differs() {
    assertNotEquals(
        RequestKey.of("gate", Optional.of(Bytes.utf8("ab")), Bytes.utf8("c")),
        RequestKey.of("gate", Optional.of(Bytes.utf8("a")), Bytes.utf8("bc")));
    assertNotEquals(
        RequestKey.of("gate", Optional.empty(), Bytes.utf8("c")),
        RequestKey.of("door", Optional.empty(), Bytes.utf8("c")));
  }
}
