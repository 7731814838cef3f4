package chorale.evaluation;

import static chorale.evaluation.report.TextFormat.format;
import static chorale.evaluation.report.TextFormat.percent;

import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.TextTable;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A writer of the Markdown report of an evaluation, with plots. The sections on errors are in
 * {@link ErrorSections}. Not thread-safe; one instance per report.
 */
public final class EvaluationReport {
  /** Up to 63 combinations (6 variants) are listed; beyond that, only the Pareto front. */
  private static final int SHOWN_COMBINATIONS = 63;

  private final Evaluation evaluation;
  private final MarkdownReport report = new MarkdownReport();

  private EvaluationReport(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  /**
   * @param source origin of the images, shown to the reader
   */
  public static MarkdownReport of(Evaluation evaluation, String source) {
    EvaluationReport sections = new EvaluationReport(evaluation);
    sections.head(source);
    sections.networks();
    sections.combinations();
    sections.leaveOneOut();
    sections.kSweep();
    sections.rules();
    sections.calibration();
    new ErrorSections(evaluation, sections.report).add();
    evaluation.separation().ifPresent(each -> SeparationText.add(each, sections.report));
    return sections.report;
  }

  private void head(String source) {
    report.heading(1, "Evaluation of the model set " + evaluation.set().name());
    report.paragraph(
        format(
            "%d images of %d classes from `%s`%s. Every network classified every image once, with"
                + " the workers' preprocessing and runtime. Fused answers are computed"
                + " by the aggregator's fusion code (top %d of each variant, rule `%s`,"
                + " unless stated otherwise). The measures are defined in docs/evaluation.md.",
            evaluation.images(),
            evaluation.set().classes().size(),
            source,
            evaluation.skipped() == 0
                ? ""
                : " (" + evaluation.skipped() + " more were unreadable and are excluded)",
            evaluation.k(),
            evaluation.rules().get(0).rule()));
    report.paragraph(
        format(
            "**All %d variants together: %s.**%s",
            evaluation.variants().size(),
            percent(evaluation.all().accuracy()),
            evaluation
                .reference()
                .map(each -> " The reference network alone: " + percent(each.accuracy()) + ".")
                .orElse(
                    " The set has no reference network, so accuracy, inference time and speedup"
                        + " have no baseline.")));
  }

  private void networks() {
    TextTable table =
        TextTable.of(
            "network",
            "accuracy",
            "MACs",
            "gain",
            "gain at 100 classes",
            "params",
            "gain",
            "gain at 100 classes",
            "inference",
            "speedup",
            "calibration error");
    evaluation
        .variants()
        .forEach(each -> addNetwork(table, each, Gains.speedup(each, evaluation.reference())));
    evaluation.reference().ifPresent(each -> addNetwork(table, each, Optional.of(1.0)));
    report.heading(2, "Each network alone").table(table);
    report.paragraph(
        format(
            "Inference: median on one thread of the evaluating machine, without decode and"
                + " resize. Gains: %s.",
            evaluation
                .referenceCost()
                .map(EvaluationReport::described)
                .orElse("unknown because the set has no reference network")));
  }

  private void addNetwork(TextTable table, Metrics metrics, Optional<Double> speedup) {
    Network network = metrics.network();
    Gains gains = Gains.of(network, evaluation.referenceCost());
    table.row(
        network.id(),
        percent(metrics.accuracy()),
        millions(network.cost().macs()),
        times(gains.macs()),
        times(gains.macs100()),
        format("%,d", network.cost().params()),
        times(gains.params()),
        times(gains.params100()),
        format("%.2f ms", metrics.timing().inferenceMillis()),
        times(speedup),
        percent(metrics.ece()));
  }

  private static String described(ReferenceCost cost) {
    return format(
        "against %s (%,d MACs and %,d params here, %,d and %,d at 100 classes)",
        cost.source(),
        cost.own().macs(),
        cost.own().params(),
        cost.at100().macs(),
        cost.at100().params());
  }

  private void combinations() {
    List<Combination> all = evaluation.combinations();
    List<Combination> front = ParetoFront.of(all);
    boolean complete = all.size() <= SHOWN_COMBINATIONS;
    Set<Combination> best = new HashSet<>(front);
    TextTable table = TextTable.of("variants", "accuracy", "MACs");
    (complete ? all : front)
        .stream()
            .sorted(Comparator.comparingLong(Combination::macs))
            .forEach(
                each -> {
                  String mark = best.contains(each) ? "**" : "";
                  table.row(
                      mark + String.join("+", each.variants()) + mark,
                      percent(each.accuracy()),
                      millions(each.macs()));
                });
    Plot plot = EvaluationCharts.accuracyAgainstMacs(evaluation);
    report
        .heading(2, "Every combination")
        .image("Accuracy of every combination by its MACs", plot)
        .paragraph(
            format(
                "All %d subsets of the variants ([as SVG](%s)). Bold: the Pareto front, more"
                    + " accurate than every other combination with at most as many MACs%s.",
                all.size(), plot.svg(), complete ? "" : "; the JSON lists the others"))
        .table(table);
  }

  private void leaveOneOut() {
    if (evaluation.withoutOne().isEmpty()) {
      return;
    }
    TextTable table = TextTable.of("without", "accuracy", "points lost");
    for (Evaluation.WithoutOne each : evaluation.withoutOne()) {
      table.row(
          each.without(),
          percent(each.accuracy()),
          format("%+.2f", 100 * (evaluation.all().accuracy() - each.accuracy())));
    }
    report.heading(2, "When one variant is lost");
    plotted("Accuracy lost without each variant", EvaluationCharts.leaveOneOut(evaluation), table);
  }

  private void kSweep() {
    TextTable table = TextTable.of("k", "accuracy");
    for (Evaluation.KAccuracy each : evaluation.kSweep()) {
      table.row(
          each.full() ? each.k() + " (all classes)" : "" + each.k(), percent(each.accuracy()));
    }
    report.heading(2, "Classes per vote");
    plotted("Accuracy over k", EvaluationCharts.kSweep(evaluation), table);
  }

  private void plotted(String text, Plot plot, TextTable table) {
    report.image(text, plot).table(table).paragraph("[As SVG](" + plot.svg() + ")");
  }

  private void rules() {
    TextTable table = TextTable.of("rule", "accuracy");
    evaluation
        .rules()
        .forEach(each -> table.row("`" + each.rule() + "`", percent(each.accuracy())));
    report.heading(2, "Fusion rules").table(table);
  }

  private void calibration() {
    report.heading(2, "Calibration");
    report.paragraph(
        format(
            "Expected calibration error of the fused answer: **%s** for `score`, the mean"
                + " probability; **%s** for `confidence`, after the set's calibration. (%d bins of"
                + " equal width; the mean gap between accuracy and mean"
                + " confidence, weighted by the images in each bin.)",
            percent(evaluation.fused().score()),
            percent(evaluation.fused().confidence()),
            CalibrationError.BINS));
    report.paragraph(EvaluationText.unsure(evaluation.unsure()));
  }

  private static String millions(long macs) {
    return format("%.2f M", macs / 1e6);
  }

  private static String times(Optional<Double> gain) {
    return gain.map(each -> format("%.1fx", each)).orElse("–");
  }
}
