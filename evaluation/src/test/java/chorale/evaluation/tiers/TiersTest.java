package chorale.evaluation.tiers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.evaluation.EvaluatedSet;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.EvaluationJson;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Made;
import chorale.evaluation.Outputs;
import chorale.protocol.Calibration;
import chorale.protocol.Escalation;
import chorale.protocol.TierPlan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of the variants: 100 and 200; their MACs: 1/10 and 1/5 of the reference's. */
final class TiersTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "eel");

  private final EvaluatedSet set =
      new EvaluatedSet(
          "made",
          CLASSES,
          Calibration.NONE,
          List.of(Made.network("A", 100), Made.network("B", 200)),
          Optional.of(Made.network("full", 1000)));
  private final Outputs outputs = new Outputs(set);

  private void image(int label, double[] a, double[] b, double[] full) {
    outputs.add(label, List.of(Made.answer(1, a), Made.answer(1, b), Made.answer(1, full)));
  }

  private static TierEvaluation judged(Outputs outputs, String plan, Double... thresholds)
      throws EvaluationException {
    return Tiers.evaluate(outputs, new Escalation(TierPlan.parse(plan), List.of(thresholds)));
  }

  @Test
  void evaluate_marginBelowThreshold_asksTheNextTier() throws Exception {
    image(0, new double[] {.5, .4, .1}, new double[] {.9, .1, 0}, new double[] {.6, .4, 0});
    image(1, new double[] {.9, .1, 0}, new double[] {0, 1, 0}, new double[] {.3, .7, 0});

    TierEvaluation never = judged(outputs, "A/full", 0.0);
    TierEvaluation unsure = judged(outputs, "A/full", .2);
    TierEvaluation always = judged(outputs, "A/full", 1.0);

    assertEquals(List.of(1.0, 0.0), never.reached());
    assertEquals(.5, never.all().accuracy());
    assertEquals(.1, never.all().macsShare().orElseThrow(), 1e-9);
    assertEquals(List.of(1.0, .5), unsure.reached());
    assertEquals(.1 + .5, unsure.all().macsShare().orElseThrow(), 1e-9);
    assertEquals(1.0, always.all().accuracy());
    assertEquals(1.0, always.all().asked());
  }

  @Test
  void evaluate_boundInATier_asksNoFurtherTier() throws Exception {
    // 200 of 300 for cat; A, which votes first, cannot decide
    image(0, new double[] {0, 1, 0}, new double[] {1, 0, 0}, new double[] {1, 0, 0});
    assertEquals(1.0, judged(outputs, "A,B/full", 1.0).all().asked());

    // three variants like A: the first two decide regardless of the third
    EvaluatedSet three =
        new EvaluatedSet(
            "made",
            CLASSES,
            Calibration.NONE,
            List.of(Made.network("A", 100), Made.network("B", 101), Made.network("C", 102)),
            Optional.of(Made.network("full", 1000)));
    Outputs sure = new Outputs(three);
    double[] cat = {1, 0, 0};
    double[] dog = {0, 1, 0};
    sure.add(
        0,
        List.of(
            Made.answer(1, cat), Made.answer(1, cat), Made.answer(1, dog), Made.answer(1, dog)));

    assertEquals(0.0, judged(sure, "A,B,C/full", 1.0).all().asked());
    assertEquals(1.0, judged(sure, "A,B,C/full", 1.0).all().accuracy());
  }

  @Test
  void evaluate_lostTier_asksTheNextTierAtOnce() throws Exception {
    image(0, new double[] {.9, .1, 0}, new double[] {.8, .2, 0}, new double[] {.1, .9, 0});

    TierEvaluation tiers = judged(outputs, "A/full", .5);

    assertEquals(1.0, tiers.all().accuracy());
    assertEquals(
        List.of(
            new TierEvaluation.WithoutOne("A", 0.0), new TierEvaluation.WithoutOne("full", 1.0)),
        tiers.withoutOne());
  }

  @Test
  void fit_reachesTheReference_withTheLeastWork() throws Exception {
    Outputs random = Made.random(set, 2_000, 7);
    double reference = judged(random, "full").all().accuracy();

    Escalation fitted = Tiers.fit(random, TierPlan.parse("A,B/full"));
    TierEvaluation tiers = Tiers.evaluate(random, fitted);

    assertTrue(tiers.all().accuracy() >= reference, tiers.toString());
    assertTrue(
        tiers.curve().stream()
            .filter(point -> point.accuracy() >= reference)
            .allMatch(point -> point.asked() >= tiers.all().asked() - 1e-2),
        tiers.toString());
  }

  @Test
  void fit_referenceOutOfReach_isMostAccurate() throws Exception {
    image(0, new double[] {.9, .1, 0}, new double[] {.4, .6, 0}, new double[] {1, 0, 0});
    image(0, new double[] {.1, .9, 0}, new double[] {.1, .9, 0}, new double[] {1, 0, 0});

    Escalation fitted = Tiers.fit(outputs, TierPlan.parse("A/B"));

    assertEquals(List.of(0.0), fitted.thresholds());
  }

  @Test
  void evaluate_unknownNetwork_failsWithItsName() {
    EvaluationException e =
        assertThrows(EvaluationException.class, () -> judged(outputs, "A/D", 0.0));
    assertEquals("A/D: no network 'D' in the set made (allowed: A, B, full)", e.getMessage());
  }

  @Test
  void json_hasTheDocumentedFields() throws Exception {
    Outputs random = Made.random(set, 50, 3);

    JsonNode json =
        new ObjectMapper()
            .readTree(
                TierText.add(
                        EvaluationJson.of(Evaluator.evaluate(random)),
                        List.of(judged(random, "A/B/full", .5, .25)))
                    .text())
            .path("tiers")
            .path(0);

    assertEquals("A/B/full", json.path("plan").asText());
    assertEquals(.25, json.path("thresholds").path(1).asDouble());
    for (String field : List.of("asked", "accuracy", "mean_macs_share")) {
      assertTrue(json.path(field).isNumber(), json.toString());
    }
  }

  @Test
  void write_setFile_changesOnlyItsTiers(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("set.json");
    Files.writeString(file, "{\n \"name\": \"made\",\n \"classes\": [\n  \"cat\"\n ]\n}\n");

    SetFile.write(folder, List.of(new Escalation(TierPlan.parse("A/B"), List.of(.25))));

    assertEquals(
        """
        {
         "name": "made",
         "classes": [
          "cat"
         ],
         "tiers": [
          {
           "plan": "A/B",
           "thresholds": [
            0.25
           ]
          }
         ]
        }
        """,
        Files.readString(file));
  }
}
