package chorale.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Calibration;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EvaluationJsonTest {
  private static final List<String> CLASSES = List.of("cat", "dog");

  @Test
  void write_withoutReference_hasEveryFieldAndNulls() throws Exception {
    JsonNode json = json(Made.set(CLASSES, Made.network("A", 100), Made.network("B", 200)));

    assertTrue(json.get("reference").isNull());
    assertEquals(20, json.path("data").path("images").asInt());
    assertEquals(2, json.path("data").path("classes").asInt());
    JsonNode first = json.path("variants").get(0);
    assertTrue(
        fields(first)
            .containsAll(
                List.of(
                    "id",
                    "accuracy",
                    "macs",
                    "params",
                    "macs_gain",
                    "params_gain",
                    "macs_gain_100",
                    "params_gain_100",
                    "inference_ms",
                    "speedup",
                    "ece")),
        first.toString());
    assertTrue(first.get("speedup").isNull());
    assertEquals(1.0, first.get("inference_ms").asDouble());
    assertEquals(299_622_272 / 100_100.0, first.get("macs_gain_100").asDouble(), 1e-6);
    assertEquals(List.of("variants", "accuracy", "macs"), fields(json.path("combinations").get(2)));
    assertEquals("[\"A\",\"B\"]", json.path("combinations").get(2).get("variants").toString());
    assertEquals(List.of("without", "accuracy"), fields(json.path("leave_one_out").get(0)));
    assertEquals(1, json.path("k_sweep").get(0).get("k").asInt());
    assertEquals("scaled-sum", json.path("fusion").get(0).get("rule").asText());
    assertEquals(3, json.path("by_right").size());
    assertTrue(json.path("by_right").get(0).get("reference").isNull());
  }

  @Test
  void write_withReference_hasItsFiguresAndSpeedups() throws Exception {
    JsonNode json =
        json(
            new EvaluatedSet(
                "made",
                CLASSES,
                Calibration.NONE,
                List.of(Made.network("A", 100)),
                Optional.of(Made.network("full", 200))));

    assertEquals(200_000, json.path("reference").path("macs").asLong());
    assertEquals(300_000, json.path("reference").path("params").asLong());
    assertEquals(1.0, json.path("reference").path("inference_ms").asDouble());
    assertEquals(1.0, json.path("variants").get(0).path("speedup").asDouble());
    assertEquals(2.0, json.path("variants").get(0).path("macs_gain").asDouble());
    int images = 0;
    for (JsonNode each : json.path("by_right")) {
      assertTrue(each.path("reference").asInt(-1) >= 0, each.toString());
      images += each.path("images").asInt();
    }
    assertEquals(20, images);
  }

  @Test
  void write_sameOutputs_givesSameText() throws Exception {
    EvaluatedSet set = Made.set(CLASSES, Made.network("A", 100), Made.network("B", 200));

    assertEquals(
        EvaluationJson.of(Evaluator.evaluate(Made.random(set, 30, 5))).text(),
        EvaluationJson.of(Evaluator.evaluate(Made.random(set, 30, 5))).text());
  }

  private static JsonNode json(EvaluatedSet set) throws Exception {
    return new ObjectMapper()
        .readTree(EvaluationJson.of(Evaluator.evaluate(Made.random(set, 20, 1))).text());
  }

  private static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
