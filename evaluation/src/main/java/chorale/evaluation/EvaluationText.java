package chorale.evaluation;

import static chorale.evaluation.report.TextFormat.format;
import static chorale.evaluation.report.TextFormat.percent;

import chorale.evaluation.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A writer of the summary of an evaluation for a terminal. Stateless. */
public final class EvaluationText {
  private EvaluationText() {}

  /**
   * @param emphasis formats the line with the main result
   */
  public static List<String> lines(Evaluation evaluation, UnaryOperator<String> emphasis) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%s: %d images, %d classes%s",
            evaluation.set().name(),
            evaluation.images(),
            evaluation.set().classes().size(),
            evaluation.skipped() > 0 ? ", " + evaluation.skipped() + " excluded" : ""));
    lines.addAll(networks(evaluation).lines("  "));
    lines.add(
        emphasis.apply(
            format(
                "all together: %s; calibration error %s",
                percent(evaluation.all().accuracy()), percent(evaluation.fused().confidence()))));
    lines.add(unsure(evaluation.unsure()));
    if (evaluation.reference().isEmpty()) {
      lines.add("the set has no reference network: no speedups");
    }
    evaluation.separation().ifPresent(each -> lines.addAll(SeparationText.lines(each)));
    return lines;
  }

  static String unsure(Evaluation.Unsure unsure) {
    return format(
        "An aggregator with min-confidence %s and min-margin %s is unsure about %s of the images"
            + " (%s of the correct answers%s). %s of its other answers are correct.",
        unsure.thresholds().minConfidence(),
        unsure.thresholds().minMargin(),
        percent(unsure.share()),
        percent(unsure.lost()),
        unsure.unknown().map(share -> ", " + percent(share) + " of the unknown images").orElse(""),
        unsure.accuracy().map(share -> percent(share)).orElse("None"));
  }

  private static TextTable networks(Evaluation evaluation) {
    TextTable table =
        TextTable.of("network", "accuracy", "MACs", "inference", "without it")
            .leastWidths(12, 8, 12, 12);
    for (int i = 0; i < evaluation.variants().size(); i++) {
      addNetwork(
          table,
          evaluation.variants().get(i),
          evaluation.withoutOne().isEmpty()
              ? "-"
              : percent(evaluation.withoutOne().get(i).accuracy()));
    }
    evaluation.reference().ifPresent(each -> addNetwork(table, each, "-"));
    return table;
  }

  private static void addNetwork(TextTable table, Metrics metrics, String without) {
    table.row(
        metrics.network().id(),
        percent(metrics.accuracy()),
        format("%.1f M", metrics.network().cost().macs() / 1e6),
        format("%.2f ms", metrics.timing().inferenceMillis()),
        without);
  }
}
