package chorale.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.bench.Figure.Target;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FigureTest {
  private static final Spread MEASURED = Spread.of(List.of(2.7, 2.4, 2.6, 2.5));

  private static Figure figure(String name, Optional<Target> target) {
    return new Figure(name, "x", target, MEASURED);
  }

  @Test
  void verdict_target_isComparedWithTheMedian() {
    assertEquals(2.55, MEASURED.median(), 1e-9);
    assertEquals("met", figure("f", Optional.of(Target.atLeast(2.5))).verdict());
    assertEquals("missed", figure("f", Optional.of(Target.atLeast(2.6))).verdict());
    assertEquals("met", figure("f", Optional.of(Target.atMost(2.6))).verdict());
    assertEquals("missed", figure("f", Optional.of(Target.atMost(2.5))).verdict());
    assertEquals("", figure("f", Optional.empty()).verdict());
  }

  @Test
  void withoutTargets_findings_haveNoVerdict() {
    Findings quick =
        new Findings(
                List.of(figure("f", Optional.of(Target.atLeast(9)))), List.of(), List.of("a note"))
            .withoutTargets();

    assertEquals("", quick.figures().get(0).verdict());
    assertEquals(MEASURED, quick.figures().get(0).measured());
    assertEquals(List.of("a note"), quick.notes());
  }

  @Test
  void shown_anySize_hasSignificantDigits() {
    assertEquals("0", Figure.shown(0));
    assertEquals("0.012", Figure.shown(.0123));
    assertEquals("1.23", Figure.shown(1.234));
    assertEquals("12.3", Figure.shown(12.34));
    assertEquals("123,457", Figure.shown(123456.7));
  }

  @Test
  void markdown_figure_isARowWithItsSpread() {
    Figure figure = figure("V1", Optional.of(Target.atLeast(2)));
    String table = BenchOutput.table(List.of(figure)).markdown();

    assertTrue(table.contains("| V1 | >= 2.00 x | 2.55 x | 2.40 .. 2.70 | met |"), table);
  }

  @Test
  void json_figure_hasNumbers() throws Exception {
    Figure figure = figure("V1", Optional.of(Target.atLeast(2)));
    Map<BenchPart, Findings> all = new LinkedHashMap<>();
    all.put(new BoardsPart(), new Findings(List.of(figure), List.of(), List.of("a note")));

    JsonNode part =
        new ObjectMapper().readTree(BenchOutput.json(Map.of(), all)).get("parts").get(0);

    assertEquals("boards", part.get("part").asText());
    assertEquals("a note", part.get("notes").get(0).asText());
    JsonNode written = part.get("figures").get(0);
    assertEquals(2.0, written.get("at_least").asDouble());
    assertEquals(2.55, written.get("median").asDouble(), 1e-9);
    assertEquals(4, written.get("rounds").asInt());
    assertTrue(written.get("met").asBoolean());
  }
}
