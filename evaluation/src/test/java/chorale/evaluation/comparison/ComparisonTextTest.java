package chorale.evaluation.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.evaluation.Network.Cost;
import chorale.evaluation.comparison.Comparison.BoardCost;
import chorale.evaluation.comparison.Comparison.Conditions;
import chorale.evaluation.comparison.Comparison.Death;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.evaluation.comparison.Comparison.Measured;
import chorale.evaluation.comparison.Comparison.Range;
import chorale.evaluation.comparison.Comparison.Times;
import chorale.evaluation.comparison.Comparison.Wire;
import chorale.evaluation.comparison.Comparison.Work;
import chorale.protocol.Escalation;
import chorale.protocol.Strategy;
import chorale.protocol.TierPlan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ComparisonTextTest {
  private static final Contender TIERS =
      Contender.of(new Escalation(TierPlan.parse("one/two"), List.of(.5)));

  private static final Comparison COMPARISON =
      new Comparison(
          new Conditions("set", "test.zip", 100, 20, "WIFI: slow", "float32", 96, .91),
          List.of(
              measured(Strategy.VARIANT, 50, .9, new Wire(500, 5000, 0, 600)),
              measured(Strategy.SINGLE, 120, .92, new Wire(100, 1000, 0, 120)),
              measured(Strategy.DATA, 121, .92, new Wire(500, 5000, 0, 120)),
              measured(Strategy.MODEL, 900, .92, new Wire(100, 1000, 60_000, 120)),
              measured(Strategy.CLASS, 80, .91, new Wire(500, 5000, 0, 650)),
              measured(TIERS, List.of(1.0, .125), 40, .925, new Wire(600, 6000, 0, 250))));

  private static Measured measured(Strategy strategy, double millis, double accuracy, Wire wire) {
    return measured(Contender.of(strategy), List.of(), millis, accuracy, wire);
  }

  private static Measured measured(
      Contender contender, List<Double> reached, double millis, double accuracy, Wire wire) {
    Strategy strategy = contender.strategy();
    return new Measured(
        contender,
        List.of(
            new BoardCost("one", new Cost(2_000_000, 1_000_000)),
            new BoardCost("two", new Cost(4_000_000, 500_000))),
        new Work(strategy == Strategy.DATA ? 4e6 : reached.isEmpty() ? 6e6 : 2.5e6, reached),
        new Times(millis, millis - 1, 2 * millis, new Range(120 / millis, 1, 3), Optional.of(1.03)),
        strategy == Strategy.DATA ? 40 : 8,
        wire,
        accuracy,
        1,
        List.of(
            new Loss(0, 1, accuracy, accuracy, accuracy, 1, Optional.of(.04)),
            new Loss(1, 5, strategy == Strategy.MODEL ? 0 : .88, .86, .9, 1, Optional.of(.125))),
        List.of(new Death("two", 64, 3, "some", strategy != Strategy.DATA, 2500, 32, 7)));
  }

  @Test
  void lines_table_fitsATerminalOf80Columns() {
    List<String> table = ComparisonText.table(COMPARISON).lines("");

    assertEquals(List.of(), table.stream().filter(line -> line.length() > 80).toList());
    assertTrue(table.get(0).endsWith(" class  tiers"), table.get(0));
  }

  @Test
  void lines_boardsOnOneMachine_haveANote() {
    Comparison shared =
        new Comparison(
            new Conditions("set", "test.zip", 100, 1, "none", "float32", 96, .91),
            COMPARISON.measured());

    assertTrue(ComparisonText.lines(shared).contains(ComparisonText.SHARED));
    assertFalse(ComparisonText.lines(COMPARISON).contains(ComparisonText.SHARED));
  }

  @Test
  void report_everyStrategy_isComparedByEveryMeasure() {
    String report = ComparisonReport.of(COMPARISON).text();

    assertTrue(report.contains("|  | variant | single | data | model | class | tiers |"), report);
    assertTrue(
        report.contains("| mean response time, ms | 50.0 | 120.0 | 121.0 | 900.0 | 80.0 | 40.0 |"));
    assertTrue(
        report.contains(
            "| MACs per image, all boards, millions | 6.0 | 6.0 | 4.0 | 6.0 | 6.0 | 2.5 |"));
    assertTrue(report.contains("60,000 bytes of tensors per image, 600 bytes"), report);
    assertTrue(report.contains(": 100 times as many |"), report);
    assertTrue(report.contains("with any one board dead, 0.0 % correct answers (variants 88.0 %)"));
    assertTrue(report.contains("emulated, 20 times slower than this machine"), report);
    assertTrue(report.contains("NOT as predicted"), report);
    assertTrue(report.contains("1.50 times as fast as the single board (variants 2.40)"), report);
    assertTrue(report.contains("12.5 % wrong but not unsure"), report);
    assertTrue(report.contains("| 1 | 12.5 | 12.5 | 12.5 |"), report);
    assertTrue(
        report.contains("- tiers: one/two; share of the images that reach each tier: 100.00"));
    assertTrue(
        report.contains("decided by the first tier: 1.03 times that of strategy variant"), report);
    assertTrue(
        report.contains("92.5 % correct answers (reference 92.0 %) for 0.42 of its MACs"), report);
    assertTrue(report.contains("12.5 % of the images reach the last tier"), report);
    assertTrue(report.contains("of the last 32, 7 were wrong but not unsure"), report);
    assertTrue(report.contains("reached 91.0 % on its validation images"), report);
  }

  @Test
  void report_bestStrategies_areListedByMeasure() {
    String report = ComparisonReport.of(COMPARISON).text();

    assertTrue(report.contains("- response time: tiers\n"), report);
    assertTrue(report.contains("- throughput: data\n"), report);
    assertTrue(
        report.contains("- accuracy, all boards alive: tiers and single and data and model\n"));
    assertTrue(report.contains("- work of all boards: tiers\n"), report);
    assertTrue(report.contains("- bytes of input: single and model\n"), report);
  }

  @Test
  void json_isReadable() throws Exception {
    JsonNode json = new ObjectMapper().readTree(ComparisonJson.write(COMPARISON));

    assertEquals(6, json.get("strategies").size());
    assertEquals(50, json.at("/strategies/0/response_ms/mean").asDouble());
    assertEquals(49, json.at("/strategies/0/response_ms/p50").asDouble());
    assertEquals(2.4, json.at("/strategies/0/response_ms/faster_than_single/all").asDouble());
    assertEquals(60_000, json.at("/strategies/3/bytes_per_image/intermediate").asDouble());
    assertEquals(3, json.at("/strategies/2/killed/0/lost").asInt());
    assertEquals(.88, json.at("/strategies/0/availability/1/accuracy_mean").asDouble());
    assertEquals("class", json.at("/strategies/4/strategy").asText());
    assertEquals(.125, json.at("/strategies/4/availability/1/sure_errors").asDouble());
    assertFalse(json.at("/strategies/4").has("plan"));
    assertEquals("tiers", json.at("/strategies/5/strategy").asText());
    assertEquals("one/two", json.at("/strategies/5/plan").asText());
    assertEquals(.125, json.at("/strategies/5/reached/1").asDouble());
    assertEquals(2.5e6, json.at("/strategies/5/macs_per_image").asDouble());
    assertEquals(7, json.at("/strategies/4/killed/0/sure_errors").asInt());
  }

  @Test
  void report_plots_areDrawn(@TempDir Path folder) throws Exception {
    System.setProperty("java.awt.headless", "true");

    ComparisonReport.of(COMPARISON).write(folder, "report.md");

    for (String name : List.of("time-accuracy", "bytes-time", "dead-boards")) {
      assertTrue(Files.size(folder.resolve("strategies-" + name + ".png")) > 5_000);
    }
  }
}
