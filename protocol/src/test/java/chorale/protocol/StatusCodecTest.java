package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatusCodecTest {
  private static final List<String> CLASSES = List.of("cat", "dog");
  private static final long CLASS_DIGEST = Digests.prefix(Digests.ofClasses(CLASSES));
  private static final WorkerInfo INFO =
      new WorkerInfo(
          new Reply.Author("V1", "pi-1", 7, 0.35, 96, 2, CLASS_DIGEST, 255),
          "pets",
          CLASSES,
          1.25,
          20,
          new Calibration(List.of(0.25, 0.75), List.of(0.5, 0.875)),
          Assignment.VARIANT,
          ReplyCodec.SCHEMA,
          "0.1.0");

  private final StatusCodec codec = new StatusCodec();

  @Test
  void encode_workerInfo_givesTheGoldenJson() {
    assertEquals(
        "{\"schema\":1,\"worker\":\"pi-1\",\"session\":\"0000000000000007\",\"variant\":\"V1\","
            + "\"alpha\":0.35,\"input_size\":96,\"model_set\":\"pets\","
            + "\"model_digest\":\"00000000000000ff\",\"class_digest\":\"3a450eb155d6a4c6\","
            + "\"classes\":[\"cat\",\"dog\"],\"self_benchmark_ms\":1.25,\"board_factor\":20.0,\"calibration\":"
            + "{\"fused\":[0.25,0.75],\"confidence\":[0.5,0.875]},\"reply_schema\":2,\"version\":\"0.1.0\"}",
        codec.encode(INFO).utf8());
  }

  @Test
  void decodeWorkerInfo_encodedInfo_isEqual() throws MalformedException {
    assertEquals(INFO, codec.decodeWorkerInfo(codec.encode(INFO)));
  }

  /** The example in docs/protocol.md lists all fields that an ordinary worker announces. */
  @Test
  void documentation_exampleOfAnInfo_isWhatTheCodecWrites() throws Exception {
    String documented = Files.readString(Path.of("../docs/protocol.md"));
    int start = documented.indexOf("{\"schema\":1,\"worker\"");
    String example = documented.substring(start, documented.indexOf("```", start)).strip();
    String line = example.replaceAll("\n ", "");
    assertEquals(line, codec.encode(codec.decodeWorkerInfo(Bytes.utf8(line))).utf8());
  }

  @Test
  void decodeWorkerInfo_withoutBoardFactor_isARealBoard() throws MalformedException {
    Bytes without = Bytes.utf8(codec.encode(INFO).utf8().replace("\"board_factor\":20.0,", ""));
    assertEquals(1, codec.decodeWorkerInfo(without).boardFactor());
  }

  @Test
  void encode_aStage_namesItAndItsStrategy() throws MalformedException {
    Bytes plain = codec.encode(INFO);
    Bytes staged =
        Bytes.utf8(
            plain
                .utf8()
                .replace(
                    ",\"reply_schema\"",
                    ",\"strategy\":\"model\",\"stage\":{\"index\":2,\"count\":5},"
                        + "\"reply_schema\""));

    WorkerInfo info = codec.decodeWorkerInfo(staged);

    assertEquals(new Assignment(Strategy.MODEL, new Stage(2, 5)), info.assignment());
    assertEquals(staged, codec.encode(info));
  }

  @Test
  void encode_aGroupOfClasses_namesItAndItsStrategy() throws MalformedException {
    String plain = codec.encode(INFO).utf8();
    String grouped =
        plain.replace(
            ",\"reply_schema\"", ",\"strategy\":\"class\",\"group\":[1],\"reply_schema\"");

    WorkerInfo info = codec.decodeWorkerInfo(Bytes.utf8(grouped));

    assertEquals(
        new Assignment(Strategy.CLASS, Stage.WHOLE, false, List.of(1), Tier.FIRST),
        info.assignment());
    assertEquals(grouped, codec.encode(info).utf8());
    for (String wrong : List.of("[]", "[2]", "[-1]", "[1,1]", "[\"cat\"]")) {
      Bytes other = Bytes.utf8(grouped.replace("[1]", wrong));
      assertThrows(MalformedException.class, () -> codec.decodeWorkerInfo(other), wrong);
    }
  }

  @Test
  void encode_laterTier_namesItAndThePlansOfItsModelSet() throws MalformedException {
    String tiered =
        codec
            .encode(INFO)
            .utf8()
            .replace(
                ",\"reply_schema\"",
                ",\"tier\":2,\"escalations\":[{\"plan\":\"V1/reference\",\"thresholds\":[0.25]}],"
                    + "\"reply_schema\"");

    WorkerInfo info = codec.decodeWorkerInfo(Bytes.utf8(tiered));

    assertEquals(
        new Tier(2, List.of(new Escalation(TierPlan.parse("V1/reference"), List.of(.25)))),
        info.assignment().tier());
    assertEquals(tiered, codec.encode(info).utf8());
    for (String wrong : List.of("\"tier\":0", "\"tier\":5", "\"tier\":2,\"strategy\":\"data\"")) {
      Bytes other = Bytes.utf8(tiered.replace("\"tier\":2", wrong));
      assertThrows(MalformedException.class, () -> codec.decodeWorkerInfo(other), wrong);
    }
    for (String wrong : List.of("[]", "[0.1,0.2]", "[2]")) {
      Bytes other = Bytes.utf8(tiered.replace("[0.25]", wrong));
      assertThrows(MalformedException.class, () -> codec.decodeWorkerInfo(other), wrong);
    }
  }

  @Test
  void encode_sharingReplica_saysSo() throws MalformedException {
    Bytes sharing =
        Bytes.utf8(
            codec
                .encode(INFO)
                .utf8()
                .replace(",\"reply_schema\"", ",\"replicas\":\"share\",\"reply_schema\""));

    WorkerInfo info = codec.decodeWorkerInfo(sharing);

    assertEquals(Assignment.SHARED_VARIANT, info.assignment());
    assertEquals(sharing, codec.encode(info));
  }

  @Test
  void decodeWorkerInfo_aReplicaThatSharesWithoutASpeed_isMalformed() {
    String sharing =
        codec.encode(INFO).utf8().replace("\"version\"", "\"replicas\":\"share\",\"version\"");
    for (String speed : List.of("0", "-1", "1e999", "null")) {
      Bytes wrong =
          Bytes.utf8(
              sharing.replace("\"self_benchmark_ms\":1.25", "\"self_benchmark_ms\":" + speed));
      assertThrows(MalformedException.class, () -> codec.decodeWorkerInfo(wrong), speed);
    }
  }

  @Test
  void decodeWorkerInfo_withoutReplySchema_isOfSchema1() throws MalformedException {
    String older = codec.encode(INFO).utf8().replace("\"reply_schema\":2,", "");
    assertEquals(1, codec.decodeWorkerInfo(Bytes.utf8(older)).replySchema());
  }

  @Test
  void decodeWorkerInfo_invalidAssignment_isMalformed() {
    for (String part :
        List.of(
            "\"strategy\":\"magic\"",
            "\"strategy\":\"data\",\"stage\":{\"index\":1,\"count\":5}",
            "\"strategy\":\"model\",\"stage\":{\"index\":6,\"count\":5}",
            "\"strategy\":\"model\",\"stage\":7")) {
      Bytes wrong =
          Bytes.utf8(codec.encode(INFO).utf8().replace("\"version\"", part + ",\"version\""));
      assertThrows(MalformedException.class, () -> codec.decodeWorkerInfo(wrong), part);
    }
  }

  @Test
  void decodeWorkerInfo_classesThatDoNotMatchTheirDigest_isMalformed() {
    Bytes forged = Bytes.utf8(codec.encode(INFO).utf8().replace("\"dog\"", "\"cow\""));
    assertThrows(MalformedException.class, () -> codec.decodeWorkerInfo(forged));
  }

  @Test
  void decodeWorkerInfo_overTheSizeLimit_isMalformed() {
    Bytes large = Bytes.utf8("{\"schema\":1,\"x\":\"" + "x".repeat(65_536) + "\"}");
    assertThrows(MalformedException.class, () -> codec.decodeWorkerInfo(large));
  }

  @Test
  void encode_health_sortsItsCounters() {
    Health health =
        new Health(Instant.EPOCH, 5, new TreeMap<>(Map.of("received", 3L, "answered", 2L)));
    assertEquals(
        "{\"schema\":1,\"ts\":\"1970-01-01T00:00:00Z\",\"uptime_s\":5,"
            + "\"counters\":{\"answered\":2,\"received\":3}}",
        codec.encode(health).utf8());
  }
}
