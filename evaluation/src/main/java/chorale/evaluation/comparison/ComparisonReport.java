package chorale.evaluation.comparison;

import static chorale.evaluation.report.TextFormat.format;

import chorale.evaluation.comparison.Comparison.Measured;
import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/** A comparison as a Markdown document with plots. Stateless. */
public final class ComparisonReport {
  private ComparisonReport() {}

  public static MarkdownReport of(Comparison comparison) {
    ComparisonArguments arguments = new ComparisonArguments(comparison);
    return new MarkdownReport()
        .heading(1, "Variant parallelism and its rivals, measured")
        .paragraph(ComparisonText.conditions(comparison) + ".")
        .paragraph("Made by `./chorale compare`, whose guide says how each figure is measured.")
        .table(ComparisonText.table(comparison))
        .bullets(ComparisonText.tiers(comparison))
        .image("Response time against accuracy", ComparisonCharts.timeAgainstAccuracy(comparison))
        .image("Bytes against response time", ComparisonCharts.bytesAgainstTime(comparison))
        .heading(2, "The arguments, and what was measured")
        .table(arguments.table())
        .paragraph("Where which strategy is best:")
        .bullets(arguments.best())
        .heading(2, "Dead boards")
        .paragraph(
            "Right answers in % of all requests, mean (worst) over every choice of the dead boards;"
                + " and the share of requests that get an answer.")
        .table(losses(comparison))
        .paragraph(
            "Wrong answers that are not `unsure`, in % of all requests, mean over every choice of"
                + " the dead boards. With strategy class such a result is `partial` and names its"
                + " `missing_classes`.")
        .table(sureErrors(comparison))
        .image("Accuracy with boards dead", ComparisonCharts.accuracyAgainstDead(comparison))
        .heading(2, "Boards killed in the middle of a run")
        .bullets(ComparisonText.deaths(comparison));
  }

  private static TextTable losses(Comparison comparison) {
    List<String> header = new ArrayList<>(List.of("dead"));
    for (Measured each : comparison.measured()) {
      header.addAll(List.of(each.contender().label(), "answered"));
    }
    TextTable table = TextTable.of(header).leftColumns();
    int most =
        comparison.measured().stream().mapToInt(each -> each.losses().size()).max().orElse(0);
    for (int dead = 0; dead < most; dead++) {
      List<String> cells = new ArrayList<>(List.of("" + dead));
      for (Measured each : comparison.measured()) {
        boolean isLeft = dead < each.losses().size();
        cells.add(isLeft ? ComparisonText.mean(each.losses().get(dead)) : "");
        cells.add(isLeft ? format("%.0f %%", 100 * each.losses().get(dead).answered()) : "");
      }
      table.row(cells);
    }
    return table;
  }

  /** Of the strategies that fuse votes. */
  private static TextTable sureErrors(Comparison comparison) {
    List<Measured> fused =
        comparison.measured().stream()
            .filter(each -> each.contender().strategy().isFused())
            .toList();
    List<String> header = new ArrayList<>(List.of("dead"));
    fused.forEach(each -> header.add(each.contender().label()));
    TextTable table = TextTable.of(header);
    int most = fused.stream().mapToInt(each -> each.losses().size()).max().orElse(0);
    for (int dead = 0; dead < most; dead++) {
      List<String> cells = new ArrayList<>(List.of("" + dead));
      for (Measured each : fused) {
        cells.add(
            dead < each.losses().size()
                ? format("%.1f", 100 * each.losses().get(dead).sureErrors().orElse(0.0))
                : "");
      }
      table.row(cells);
    }
    return table;
  }
}
