package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.report.JsonObject;
import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.report.TextTable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A formatter of a run's findings as a table, as JSON and as a report with plots. Stateless. */
final class BenchOutput {
  private BenchOutput() {}

  static TextTable table(List<Figure> figures) {
    TextTable table =
        TextTable.of("figure", "target", "measured", "rounds", "verdict").leftColumns(0, 4);
    for (Figure each : figures) {
      String unit = each.unit().isEmpty() ? "" : " " + each.unit();
      table.row(
          each.name(),
          each.target().map(target -> target + unit).orElse(""),
          Figure.shown(each.measured().median()) + unit,
          each.measured().toString(),
          each.verdict());
    }
    return table;
  }

  /** Returns all figures as JSON, so that two runs can be compared. */
  static String json(Map<String, String> about, Map<BenchPart, Findings> all) {
    JsonObject json = new JsonObject().put("schema", 1);
    JsonObject machine = json.object("machine");
    about.forEach(machine::put);
    json.objects(
        "parts",
        all.entrySet(),
        (part, each) ->
            part.put("part", each.getKey().name())
                .objects("figures", each.getValue().figures(), BenchOutput::write)
                .put("notes", each.getValue().notes()));
    return json.text();
  }

  private static void write(JsonObject json, Figure figure) {
    json.put("figure", figure.name()).put("unit", figure.unit());
    if (figure.target().isPresent()) {
      Target target = figure.target().get();
      json.put(target.most() ? "at_most" : "at_least", target.bound());
      json.put("met", target.isMetBy(figure.measured().median()));
    }
    Spread measured = figure.measured();
    json.put("median", measured.median()).put("low", measured.low()).put("high", measured.high());
    json.put("rounds", measured.rounds());
  }

  static MarkdownReport report(Map<String, String> about, Map<BenchPart, Findings> all) {
    MarkdownReport report = new MarkdownReport().heading(1, "Benchmark");
    report.paragraph(
        about.entrySet().stream()
            .map(each -> each.getKey() + ": " + each.getValue())
            .collect(Collectors.joining("  \n")));
    all.forEach(
        (part, found) -> {
          report.heading(2, part.name()).paragraph(part.about() + ".");
          report.code("./chorale bench " + part.name());
          report.table(table(found.figures())).bullets(found.notes());
          found.plots().forEach(plot -> report.image(plot.title(), plot));
        });
    return report;
  }
}
