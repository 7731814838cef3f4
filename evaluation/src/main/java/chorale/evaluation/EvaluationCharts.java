package chorale.evaluation;

import static chorale.evaluation.report.TextFormat.format;

import chorale.evaluation.report.CategoryPlot;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.SeriesStyle;
import chorale.evaluation.report.SeriesStyle.Mark;
import chorale.evaluation.report.XyPlot;
import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/** A builder of the plots of an evaluation. Stateless. */
final class EvaluationCharts {
  private EvaluationCharts() {}

  /** Plots one point per combination; points of the Pareto front are joined and labeled. */
  static Plot accuracyAgainstMacs(Evaluation evaluation) {
    XyPlot chart =
        new XyPlot(
                "Accuracy of every combination of variants",
                "million MACs per image, all variants together",
                "accuracy, %")
            .patterns("0.#", "0.#");
    List<Combination> front = ParetoFront.of(evaluation.combinations());
    List<Combination> others = new ArrayList<>(evaluation.combinations());
    others.removeAll(front);
    if (!others.isEmpty()) {
      addPoints(chart, "combinations", others, SeriesStyle.of(SeriesStyle.GRAY, Mark.CIRCLE));
    }
    chart.line(
        "Pareto front",
        macs(front),
        percents(front),
        new SeriesStyle(SeriesStyle.BLUE, Mark.DIAMOND, new BasicStroke(1.5f)));
    List<Combination> all = new ArrayList<>(evaluation.combinations());
    if (evaluation.reference().isPresent()) {
      Metrics reference = evaluation.reference().get();
      String id = reference.network().id();
      long macs = reference.network().cost().macs();
      Combination alone = new Combination(List.of(id), reference.accuracy(), macs);
      all.add(alone);
      SeriesStyle style = SeriesStyle.of(SeriesStyle.VERMILLION, Mark.SQUARE);
      addPoints(chart, id, List.of(alone), style);
    }
    front.forEach(
        each -> chart.label(ShortNames.of(each.variants()), millions(each), percent(each)));
    return withRoom(chart, all).plot("accuracy-macs");
  }

  private static void addPoints(
      XyPlot chart, String name, List<Combination> combinations, SeriesStyle style) {
    chart.points(name, macs(combinations), percents(combinations), style);
  }

  private static List<Double> macs(List<Combination> combinations) {
    return combinations.stream().map(EvaluationCharts::millions).toList();
  }

  private static List<Double> percents(List<Combination> combinations) {
    return combinations.stream().map(EvaluationCharts::percent).toList();
  }

  private static double millions(Combination combination) {
    return combination.macs() / 1e6;
  }

  private static double percent(Combination combination) {
    return 100 * combination.accuracy();
  }

  /** Leaves space for the labels above the points. */
  private static XyPlot withRoom(XyPlot chart, List<Combination> points) {
    DoubleSummaryStatistics accuracies =
        points.stream().mapToDouble(EvaluationCharts::percent).summaryStatistics();
    double most = points.stream().mapToDouble(EvaluationCharts::millions).max().orElseThrow();
    double span = Math.max(1, accuracies.getMax() - accuracies.getMin());
    double low = Math.max(0, accuracies.getMin() - .08 * span);
    double high = Math.min(100, accuracies.getMax() + .22 * span);
    return chart.rangeX(0, 1.05 * most).rangeY(low, high);
  }

  /** Plots the accuracy lost without each variant. */
  static Plot leaveOneOut(Evaluation evaluation) {
    List<String> names = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    for (Evaluation.WithoutOne each : evaluation.withoutOne()) {
      names.add("without " + each.without());
      losses.add(rounded(100 * (evaluation.all().accuracy() - each.accuracy())));
    }
    double low = losses.stream().min(Comparator.naturalOrder()).orElse(0.0);
    double high = losses.stream().max(Comparator.naturalOrder()).orElse(0.0);
    double span = Math.max(.5, Math.max(high, 0) - Math.min(low, 0));
    String title =
        format(
            "Accuracy lost without one variant (all variants: %.1f %%)",
            100 * evaluation.all().accuracy());
    return new CategoryPlot(title, "", "percentage points lost", names, losses, "%+.2f")
        .rangeY(low < 0 ? low - .2 * span : 0, Math.max(high, 0) + .2 * span)
        .plot("leave-one-out");
  }

  /** Plots accuracy over k, the number of classes per vote. */
  static Plot kSweep(Evaluation evaluation) {
    List<String> names = new ArrayList<>();
    List<Double> accuracies = new ArrayList<>();
    for (Evaluation.KAccuracy each : evaluation.kSweep()) {
      names.add(each.full() ? each.k() + " (all)" : String.valueOf(each.k()));
      accuracies.add(rounded(100 * each.accuracy()));
    }
    double low = accuracies.stream().min(Comparator.naturalOrder()).orElseThrow();
    double high = accuracies.stream().max(Comparator.naturalOrder()).orElseThrow();
    double span = Math.max(1, high - low);
    double bottom = Math.max(0, low - .4 * span);
    double top = Math.min(100, high + .4 * span);
    return new CategoryPlot(
            "Accuracy by the number of classes per vote",
            "k, classes per vote",
            "accuracy, %",
            names,
            accuracies,
            "%.2f")
        .line()
        .rangeY(bottom, top)
        .plot("k-sweep");
  }

  /**
   * Plots accuracy over coverage: the share of known images that are answered, most certain first.
   */
  static Plot coverage(Separation separation) {
    XyPlot chart =
        new XyPlot("Accuracy over coverage", "known images that are answered, %", "accuracy, %")
            .patterns("0", "0.#");
    int index = 0;
    for (Separation.Measure each : separation.measures()) {
      chart.line(
          each.certainty().label(),
          each.coverage().stream().map(point -> 100 * point.coverage()).toList(),
          each.coverage().stream().map(point -> 100 * point.accuracy()).toList(),
          SeriesStyle.marked(index++));
    }
    return chart.plot("coverage");
  }

  private static double rounded(double points) {
    return Math.rint(points * 100) / 100;
  }
}
