package chorale.evaluation;

import static chorale.evaluation.report.TextFormat.format;
import static chorale.evaluation.report.TextFormat.percent;

import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A writer of the terminal lines and report sections of a {@link Separation}. Stateless. */
final class SeparationText {
  private SeparationText() {}

  static List<String> lines(Separation separation) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "unknown: %d images of %d families; false: unknown images that are answered",
            separation.unknown(), separation.families().size()));
    TextTable table =
        TextTable.of(
            "measure",
            "AUROC",
            format("false, %.0f %% kept", 100 * Separation.KEPT),
            "threshold",
            format("at most %.0f %% lost", 100 * Separation.LOST),
            "false",
            "accuracy");
    for (Separation.Measure each : separation.measures()) {
      Separation.Cut cut = each.fewLost();
      table.row(
          each.certainty().label(),
          format("%.4f", each.auroc().all()),
          percent(each.mostKept().falseAnswers().all()),
          format("%.4f", cut.threshold()),
          percent(cut.lost()),
          percent(cut.falseAnswers().all()),
          accuracy(cut));
    }
    lines.addAll(table.lines("  "));
    return lines;
  }

  static void add(Separation separation, MarkdownReport report) {
    report
        .heading(2, "Known or unknown")
        .paragraph(
            format(
                "%d images of the set's classes (known) against %d images of anything else"
                    + " (unknown). A threshold withholds less certain answers; an answer to an"
                    + " unknown image is a false answer.",
                separation.known(), separation.unknown()))
        .paragraph("Area under the ROC curve:")
        .table(byFamily(separation, Separation.Measure::auroc, share -> format("%.4f", share)))
        .paragraph(
            format("False answers if %.0f %% of the known images are kept:", 100 * Separation.KEPT))
        .table(
            byFamily(separation, each -> each.mostKept().falseAnswers(), share -> percent(share)));
    fewLost(separation, report);
    coverage(separation, report);
  }

  private static TextTable byFamily(
      Separation separation,
      Function<Separation.Measure, Separation.Shares> shares,
      Function<Double, String> cell) {
    List<String> header = new ArrayList<>(List.of("measure", "all"));
    separation.families().forEach(each -> header.add(each.name()));
    TextTable table = TextTable.of(header);
    for (Separation.Measure each : separation.measures()) {
      Separation.Shares values = shares.apply(each);
      List<String> cells = new ArrayList<>();
      cells.add("`" + each.certainty().label() + "`");
      cells.add(cell.apply(values.all()));
      values.byFamily().forEach(share -> cells.add(cell.apply(share)));
      table.row(cells);
    }
    return table;
  }

  private static void fewLost(Separation separation, MarkdownReport report) {
    TextTable table =
        TextTable.of(
            "measure",
            "threshold",
            "correct answers lost",
            "known images withheld",
            "accuracy of other answers",
            "false answers",
            "lost, bound",
            "false, bound");
    for (Separation.Measure each : separation.measures()) {
      Separation.Cut cut = each.fewLost();
      Separation.Cut early = each.fewLostEarly();
      table.row(
          "`" + each.certainty().label() + "`",
          format("%.4f", cut.threshold()),
          percent(cut.lost()),
          percent(1 - cut.answered()),
          accuracy(cut),
          percent(cut.falseAnswers().all()),
          percent(early.lost()),
          percent(early.falseAnswers().all()));
    }
    report
        .heading(
            3,
            format(
                "Thresholds that lose at most %.0f %% of correct answers", 100 * Separation.LOST))
        .paragraph(
            "All votes are fused. \"Bound\": the same thresholds if votes arrive in random order"
                + " and the aggregator decides as soon as other votes cannot change the class.")
        .table(table);
  }

  private static String accuracy(Separation.Cut cut) {
    return cut.accuracy().map(share -> percent(share)).orElse("–");
  }

  private static void coverage(Separation separation, MarkdownReport report) {
    List<String> header = new ArrayList<>(List.of("answered"));
    separation.measures().forEach(each -> header.add("`" + each.certainty().label() + "`"));
    TextTable table = TextTable.of(header);
    List<Separation.CoveragePoint> points = separation.measures().get(0).coverage();
    for (int i = 0; i < points.size(); i++) {
      int row = i;
      List<String> cells = new ArrayList<>();
      cells.add(format("%.0f %%", 100 * points.get(i).coverage()));
      separation
          .measures()
          .forEach(each -> cells.add(percent(each.coverage().get(row).accuracy())));
      table.row(cells);
    }
    Plot plot = EvaluationCharts.coverage(separation);
    report
        .heading(3, "Accuracy over coverage")
        .paragraph("The accuracy of the most certain answers to known images.")
        .image("Accuracy over coverage", plot)
        .table(table)
        .paragraph("[As SVG](" + plot.svg() + ")");
  }
}
