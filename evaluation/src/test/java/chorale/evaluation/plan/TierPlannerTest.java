package chorale.evaluation.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.evaluation.EvaluatedSet;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.EvaluationJson;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Made;
import chorale.evaluation.Outputs;
import chorale.evaluation.tiers.TierEvaluation;
import chorale.evaluation.tiers.TierText;
import chorale.evaluation.tiers.Tiers;
import chorale.protocol.Calibration;
import chorale.protocol.Escalation;
import chorale.protocol.TierPlan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class TierPlannerTest {
  private static final double TINY = 1e-9;

  /** B first (20 ms), then A (10 ms) for half of the frames, then R (100 ms) for a tenth. */
  private static final MeasuredTiers TIERS =
      new MeasuredTiers(
          TierPlan.parse("B/A/R"),
          List.of(variant("B", 20), variant("A", 10), variant("R", 100)),
          .92,
          List.of(1.0, .5, .1),
          Map.of("A", .915, "B", .918, "R", .90));

  private static MeasuredSet.Variant variant(String id, int millis) {
    return new MeasuredSet.Variant(id, millis * 1_000L, 0, millis, 1_000_000);
  }

  private static PlannedBoard board(String name, double factor) {
    return new PlannedBoard(name, factor, OptionalDouble.empty());
  }

  private static List<String> runs(TieredFleet fleet) {
    return fleet.boards().stream()
        .map(each -> each.work().map(TieredFleet.Work::variant).orElse("-"))
        .toList();
  }

  @Test
  void plan_heaviestNetwork_runsOnTheStrongestBoard() throws Exception {
    TieredFleet fleet =
        TierPlanner.plan(
            TIERS,
            List.of(board("slow", 4), board("mid", 2), board("fast", 1)),
            new Bounds(1_000, 5, 150));

    assertEquals(List.of("A", "B", "R"), runs(fleet));
    assertEquals(List.of(45.0, 45.0, 105.0), fleet.tierMillis());
    assertEquals(45 + .5 * 45 + .1 * 105, fleet.meanMillis(), TINY);
    assertEquals(195, fleet.worstMillis(), TINY);
    TieredFleet.Work slow = fleet.boards().get(0).work().orElseThrow();
    assertEquals(2, slow.tier());
    assertEquals(.5 * 40, slow.meanMillis(), TINY);
    assertEquals(.915, slow.accuracyWithout());
    assertEquals(1_000 / 40.0, fleet.rate(), TINY, "mid takes 40 ms per frame");
  }

  @Test
  void plan_remainingBoard_sharesTheFramesOfTheBusiest() throws Exception {
    TieredFleet fleet =
        TierPlanner.plan(
            TIERS,
            List.of(board("fast", 1), board("one", 2), board("two", 2), board("three", 2)),
            new Bounds(150, 5, 150));

    assertEquals("R", runs(fleet).get(0));
    assertEquals(2, runs(fleet).stream().filter("B"::equals).count());
    fleet.boards().stream()
        .flatMap(each -> each.work().stream())
        .filter(work -> work.variant().equals("B"))
        .forEach(
            work -> {
              assertEquals(20, work.meanMillis(), TINY);
              assertEquals(.92, work.accuracyWithout());
            });
    String text = String.join("\n", TierPlanText.lines(fleet));
    assertTrue(text.contains("  chorale worker --name fast --variant R --tier 3"), text);
    assertTrue(text.contains("10.00 % of the frames, 105.0 ms more"), text);
    assertTrue(text.contains("exceed the deadline of 150.0 ms"), text);
    assertTrue(text.contains("One lost board costs at most 2.00 points: the board with R."), text);
  }

  @Test
  void plan_tooFewBoards_fails() {
    EvaluationException e =
        assertThrows(
            EvaluationException.class,
            () ->
                TierPlanner.plan(
                    TIERS, List.of(board("one", 1), board("two", 1)), new Bounds(1_000, 5, 150)));
    assertEquals(
        "tiers B/A/R: 2 boards (needed: a board for each of 3 networks that runs it in 1000.0 ms"
            + " and has enough memory)",
        e.getMessage());
  }

  @Test
  void parse_writtenEvaluation_givesAPlan() throws Exception {
    EvaluatedSet set =
        new EvaluatedSet(
            "made",
            List.of("cat", "dog"),
            Calibration.NONE,
            List.of(Made.network("A", 100), Made.network("B", 200)),
            Optional.of(Made.network("full", 1000)));
    Outputs outputs = Made.random(set, 50, 1);
    TierEvaluation judged =
        Tiers.evaluate(outputs, new Escalation(TierPlan.parse("B/A/full"), List.of(.5, .4)));
    String text =
        TierText.add(EvaluationJson.of(Evaluator.evaluate(outputs)), List.of(judged)).text();

    MeasuredTiers tiers = MeasuredTiers.parse("x.json", text, Optional.empty()).get(0);

    assertEquals(judged.escalation().plan(), tiers.plan());
    assertEquals(
        new MeasuredSet.Variant("full", 1_000_000, .4, 1.0, 1_000_000), tiers.networks().get(2));
    assertEquals(judged.reached().get(2), tiers.reached().get(2), 1e-6);
    assertEquals(judged.all().accuracy(), tiers.accuracy(), 1e-6);
    assertEquals(3, tiers.without().size());
    TieredFleet fleet =
        TierPlanner.plan(
            tiers,
            List.of(board("one", 1), board("two", 1), board("three", 3)),
            new Bounds(1_000, 5, 150));
    JsonNode json = new ObjectMapper().readTree(TierPlanText.json(fleet));
    assertEquals("B/A/full", json.path("plan").asText());
    assertEquals(3, json.path("boards").get(0).path("tier").asInt());
  }

  @Test
  void parse_withoutTiers_failsWithTheCommand() {
    String text = "{\"variants\": [{\"id\": \"A\", \"macs\": 5, \"inference_ms\": 2.0}]}";
    assertEquals(
        "x.json: no tiers A/B (create it with 'chorale evaluate --tiers A/B --json FILE')",
        assertThrows(
                EvaluationException.class,
                () -> MeasuredTiers.parse("x.json", text, Optional.of(TierPlan.parse("A/B"))))
            .getMessage());
  }
}
