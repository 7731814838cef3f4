package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.protocol.Result.Answer;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Scored;
import chorale.protocol.Result.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultCodecTest {
  private static final Result PARTIAL =
      new Result(
          new RequestKey(1, 2),
          "gate",
          Instant.parse("2026-11-23T10:00:00Z"),
          Status.PARTIAL,
          Optional.empty(),
          Optional.of(
              new Answer(
                  "cat",
                  3,
                  0.9,
                  0.8123456789,
                  List.of(new Scored("cat", 3, 0.8123456789), new Scored("dog", 5, 0.1)),
                  "scaled-sum",
                  1,
                  List.of(),
                  Optional.empty())),
          DecidedBy.ALL,
          List.of(new Answered("pi-1", "V1", "cat", 0.8123456789, 1.5, 2.25)),
          List.of(
              new Missing("V2", MissingReason.OFFLINE, Optional.empty()),
              new Missing(
                  "V3",
                  MissingReason.ERROR,
                  Optional.of(Failure.of(ReplyError.DAMAGED, "row 61 of 128"))),
              new Missing("V4", MissingReason.QUARANTINED, Optional.empty())),
          List.of("pi-2", "pi-4"),
          2.3456,
          1000,
          Optional.of("noon"),
          Optional.of("elsewhere/x"),
          new Result.Origin("main", 7),
          false);

  private final ResultCodec codec = new ResultCodec();

  @Test
  void encode_partialResult_givesTheGoldenJson() {
    assertEquals(
        "{\"schema\":1,\"request_id\":\"00000000000000010000000000000002\",\"camera\":\"gate\","
            + "\"ts\":\"2026-11-23T10:00:00Z\",\"status\":\"partial\",\"class\":\"cat\","
            + "\"class_index\":3,\"confidence\":0.9,\"score\":0.812346,\"topk\":["
            + "{\"class\":\"cat\",\"class_index\":3,\"score\":0.812346},"
            + "{\"class\":\"dog\",\"class_index\":5,\"score\":0.1}],\"fusion\":\"scaled-sum\",\"withstands\":1,"
            + "\"decided_by\":\"all\",\"answered\":[{\"worker\":\"pi-1\",\"variant\":\"V1\","
            + "\"class\":\"cat\",\"probability\":0.812346,\"inference_ms\":1.5,"
            + "\"arrived_ms\":2.25}],\"missing\":[{\"variant\":\"V2\",\"reason\":\"offline\"},"
            + "{\"variant\":\"V3\",\"reason\":\"error\",\"error\":\"damaged\",\"detail\":\"row 61 of 128\"},"
            + "{\"variant\":\"V4\",\"reason\":\"quarantined\"}],\"quarantined\":[\"pi-2\",\"pi-4\"],"
            + "\"latency_ms\":2.346,\"deadline_ms\":1000,\"captured_at\":\"noon\","
            + "\"response_topic_refused\":\"elsewhere/x\",\"aggregator\":\"main\",\"seq\":7,\"repeated\":false}",
        codec.encode(PARTIAL).utf8());
  }

  @Test
  void decode_encodedResult_encodesToTheSameBytes() throws MalformedException {
    Bytes once = codec.encode(PARTIAL.asRepeated());
    assertEquals(once, codec.encode(codec.decode(once)));
  }

  @Test
  void encode_unsure_keepsTheAnswer() throws MalformedException {
    Result unsure =
        codec.decode(Bytes.utf8(codec.encode(PARTIAL).utf8().replace("\"partial\"", "\"unsure\"")));
    assertEquals(Status.UNSURE, unsure.status());
    assertEquals(PARTIAL.answer().orElseThrow().name(), unsure.answer().orElseThrow().name());
    assertEquals(unsure, codec.decode(codec.encode(unsure)));
  }

  @Test
  void encode_tier_followsWithstands() throws MalformedException {
    String golden =
        codec
            .encode(PARTIAL)
            .utf8()
            .replace("\"withstands\":1,", "\"withstands\":1,\"tier\":2,")
            .replace("\"reason\":\"offline\"", "\"reason\":\"not_asked\"");
    Result decoded = codec.decode(Bytes.utf8(golden));
    assertEquals(Optional.of(2), decoded.answer().orElseThrow().tier());
    assertEquals(MissingReason.NOT_ASKED, decoded.missing().get(0).reason());
    assertEquals(golden, codec.encode(decoded).utf8());
  }

  @Test
  void encode_missingClasses_followWithstands() throws MalformedException {
    String golden =
        codec
            .encode(PARTIAL)
            .utf8()
            .replace(
                "\"withstands\":1,", "\"withstands\":1,\"missing_classes\":[\"bird\",\"frog\"],");
    Result decoded = codec.decode(Bytes.utf8(golden));
    assertEquals(List.of("bird", "frog"), decoded.answer().orElseThrow().missingClasses());
    assertEquals(golden, codec.encode(decoded).utf8());
  }

  @Test
  void decode_noAnswer_hasAnErrorAndNoClass() throws MalformedException {
    Result none =
        new Result(
            new RequestKey(1, 2),
            "gate",
            Instant.EPOCH,
            Status.NO_ANSWER,
            Optional.of(new Failure(Failure.BAD_REQUEST, "k '99', allowed: 1 to 16")),
            Optional.empty(),
            DecidedBy.REQUEST,
            List.of(),
            List.of(),
            List.of(),
            0,
            1000,
            Optional.empty(),
            Optional.empty(),
            new Result.Origin("main", 7),
            false);
    assertEquals(none, codec.decode(codec.encode(none)));
  }

  @Test
  void decode_unknownField_isIgnored() throws MalformedException {
    String more = codec.encode(PARTIAL).utf8().replaceFirst("\\{", "{\"new\":[1],");
    assertEquals(codec.encode(PARTIAL), codec.encode(codec.decode(Bytes.utf8(more))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "[]", "{}", "{\"schema\":2}", "{\"schema\":1}", "{\"schema\":"})
  void decode_notAResult_isMalformed(String text) {
    assertThrows(MalformedException.class, () -> codec.decode(Bytes.utf8(text)));
  }
}
