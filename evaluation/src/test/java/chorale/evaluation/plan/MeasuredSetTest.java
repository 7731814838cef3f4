package chorale.evaluation.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.evaluation.Combination;
import chorale.evaluation.EvaluatedSet;
import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.EvaluationJson;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Made;
import chorale.protocol.Assignment;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.Strategy;
import chorale.protocol.WorkerInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MeasuredSetTest {
  @Test
  void parse_writtenEvaluation_hasItsCombinations() throws Exception {
    Evaluation evaluation =
        Evaluator.evaluate(
            Made.random(
                Made.set(
                    List.of("cat", "dog"),
                    Made.network("A", 100),
                    Made.network("B", 200),
                    Made.network("C", 150)),
                40,
                1));

    MeasuredSet set = MeasuredSet.parse("x.json", EvaluationJson.of(evaluation).text());

    assertEquals("made", set.set());
    assertEquals(new MeasuredSet.Variant("B", 200_000, .4, 1.0, 1_000_000), set.variants().get(1));
    for (Combination each : evaluation.combinations()) {
      int mask = each.variants().stream().mapToInt(id -> 1 << set.index(id).orElseThrow()).sum();
      assertEquals(each.accuracy(), set.accuracy(mask), 1e-6);
      assertEquals(each.macs(), set.macs(mask));
    }
  }

  @Test
  void parse_networksForClassGroups_haveStrategyClass() throws Exception {
    EvaluatedSet plain = Made.set(List.of("cat", "dog"), Made.network("G1", 100));
    EvaluatedSet groups =
        new EvaluatedSet(
            "made", plain.classes(), Calibration.NONE, plain.variants(), Optional.empty(), true);
    for (EvaluatedSet each : List.of(plain, groups)) {
      String text = EvaluationJson.of(Evaluator.evaluate(Made.random(each, 4, 1))).text();
      assertEquals(
          each.byClass() ? Strategy.CLASS : Strategy.VARIANT,
          MeasuredSet.parse("x.json", text).strategy());
      String other = text.replace("\"class\"", "\"magic\"");
      if (each.byClass()) {
        assertThrows(EvaluationException.class, () -> MeasuredSet.parse("x.json", other));
      }
    }
  }

  @Test
  void parse_minimalFields_succeeds() throws Exception {
    MeasuredSet set =
        MeasuredSet.parse(
            "x.json",
            """
            {"variants": [{"id": "A", "macs": 5, "inference_ms": 2.0}],
             "combinations": [{"variants": ["A"], "accuracy": 0.5, "macs": 5}]}
            """);

    assertEquals(.5, set.accuracy(1));
    assertEquals(3, set.factor(worker("?", "A", 6.0)));
  }

  @Test
  void parse_missingCombination_fails() {
    EvaluationException e =
        assertThrows(
            EvaluationException.class,
            () ->
                MeasuredSet.parse(
                    "x.json",
                    """
                    {"variants": [{"id": "A", "macs": 5, "inference_ms": 2.0},
                                  {"id": "B", "macs": 5, "inference_ms": 2.0}],
                     "combinations": [{"variants": ["A"], "accuracy": 0.5, "macs": 5}]}
                    """));

    assertEquals("x.json: combinations: 1 (needed: all 3 of 2 variants)", e.getMessage());
  }

  @Test
  void parse_notJsonOrNoVariants_fails() {
    assertThrows(EvaluationException.class, () -> MeasuredSet.parse("x.json", "no"));
    assertThrows(EvaluationException.class, () -> MeasuredSet.parse("x.json", "{}"));
    assertThrows(EvaluationException.class, () -> MeasuredSet.read(Path.of("not-there.json")));
  }

  @Test
  void factor_unknownVariant_listsTheEvaluatedOnes() throws Exception {
    MeasuredSet set =
        new MeasuredSet(
            "made",
            Strategy.VARIANT,
            List.of(new MeasuredSet.Variant("A", 1, 0, 1, 1)),
            Map.of(1, .5));

    EvaluationException e =
        assertThrows(EvaluationException.class, () -> set.factor(worker("made", "Z", 1)));
    assertEquals("worker 'w': variant 'Z' was not evaluated (evaluated: A)", e.getMessage());
  }

  @Test
  void factor_otherModelSet_failsWithItsName() {
    MeasuredSet set =
        new MeasuredSet(
            "made",
            Strategy.VARIANT,
            List.of(new MeasuredSet.Variant("A", 1, 0, 1, 1)),
            Map.of(1, .5));

    EvaluationException e =
        assertThrows(EvaluationException.class, () -> set.factor(worker("other", "A", 1)));
    assertEquals(
        "worker 'w' runs model set other, but the evaluation is of made (choose another with"
            + " --evaluation or --models)",
        e.getMessage());
  }

  private static WorkerInfo worker(String set, String variant, double benchmarkMillis) {
    List<String> classes = List.of("cat", "dog");
    Reply.Author author =
        new Reply.Author(
            variant, "w", 1, .35, 96, 2, Digests.prefix(Digests.ofClasses(classes)), 1);
    return new WorkerInfo(
        author,
        set,
        classes,
        benchmarkMillis,
        1,
        Calibration.NONE,
        Assignment.VARIANT,
        ReplyCodec.SCHEMA,
        "test");
  }
}
