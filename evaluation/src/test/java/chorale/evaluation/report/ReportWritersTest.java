package chorale.evaluation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportWritersTest {
  private static final TextTable TABLE =
      TextTable.of("figure", "median", "verdict")
          .leftColumns(0, 2)
          .leastWidths(0, 8)
          .row("a|b", "1.0 ms", "met")
          .row("long name", "12.0 ms", "");

  @Test
  void lines_table_alignsColumns() {
    assertEquals(
        List.of(
            "  figure       median  verdict",
            "  a|b          1.0 ms  met",
            "  long name   12.0 ms"),
        TABLE.lines("  "));
  }

  @Test
  void lines_tooWideForATerminal_wrapsTheFirstColumn() {
    String text = "a figure whose name is so long that it would need a line of its own";
    List<String> lines =
        TextTable.of("figure", "target", "measured")
            .row(text, ">= 1.00 x", "1.23 (1.20..1.30) x")
            .row("short", "", "1 x")
            .lines("  ");

    assertTrue(lines.stream().allMatch(line -> line.length() <= 80), lines::toString);
    assertEquals(
        List.of(
            "  a figure whose name is so long that it would",
            "    need a line of its own                        >= 1.00 x  1.23 (1.20..1.30) x"),
        lines.subList(1, 3));
  }

  @Test
  void row_wrongNumberOfCells_isRejected() {
    assertThrows(IllegalArgumentException.class, () -> TABLE.row("a", "b"));
  }

  @Test
  void text_blocks_areSeparatedByBlankLines() {
    assertEquals(
        """
        # Title

        Text.

            ./run

        | figure | median | verdict |
        |---|--:|---|
        | a\\|b | 1.0 ms | met |
        | long name | 12.0 ms |  |

        - one
        - two
        """,
        new MarkdownReport()
            .heading(1, "Title")
            .paragraph("Text.")
            .code("./run")
            .table(TABLE)
            .bullets(List.of())
            .bullets(List.of("one", "two"))
            .text());
  }

  @Test
  void write_image_putsBothFilesBesideTheDocument(@TempDir Path folder) throws Exception {
    System.setProperty("java.awt.headless", "true");
    Plot plot =
        DistributionPlot.of("times", "Times", Map.of("one", List.of(1.0, 2.0, 3.0, 4.0, 50.0)));

    new MarkdownReport().image("times", plot).write(folder.resolve("new"), "report.md");

    assertEquals("![times](times.png)\n", Files.readString(folder.resolve("new/report.md")));
    assertTrue(Files.size(folder.resolve("new/times.png")) > 5_000);
    assertTrue(Files.size(folder.resolve("new/times.svg")) > 1_000);
  }

  @Test
  void json_values_areRoundedAndEmptyOnesNull() {
    JsonObject json = new JsonObject();
    json.put("share", 2 / 3.0).put("whole", 1.0).put("count", Optional.of(5.0));
    json.put("gain", Optional.empty()).put("spare", Optional.empty());
    json.objects("rows", List.of("a"), (row, name) -> row.put("name", name));
    json.put("next", List.of(List.of(0.5), List.of()));

    assertEquals(
        """
        {
         "share" : 0.666667,
         "whole" : 1.0,
         "count" : 5,
         "gain" : null,
         "spare" : null,
         "rows" : [ {
          "name" : "a"
         } ],
         "next" : [ [ 0.5 ], [ ] ]
        }
        """,
        json.text());
  }
}
