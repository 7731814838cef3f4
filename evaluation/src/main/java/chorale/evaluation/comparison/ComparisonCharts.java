package chorale.evaluation.comparison;

import chorale.evaluation.comparison.Comparison.Measured;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.SeriesStyle;
import chorale.evaluation.report.SeriesStyle.Mark;
import chorale.evaluation.report.XyPlot;
import java.util.List;

/**
 * A builder of the plots of a comparison. Each strategy has a fixed color and marker. Stateless.
 */
final class ComparisonCharts {
  private static final int MARKER_SIZE = 12;

  private ComparisonCharts() {}

  private static SeriesStyle style(Contender contender) {
    if (contender.tiers().isPresent()) {
      return SeriesStyle.of(SeriesStyle.ORANGE, Mark.CROSS);
    }
    return switch (contender.strategy()) {
      case VARIANT -> SeriesStyle.of(SeriesStyle.BLUE, Mark.CIRCLE);
      case SINGLE -> SeriesStyle.of(SeriesStyle.GRAY, Mark.SQUARE);
      case DATA -> SeriesStyle.of(SeriesStyle.GREEN, Mark.TRIANGLE_UP);
      case MODEL -> SeriesStyle.of(SeriesStyle.VERMILLION, Mark.DIAMOND);
      case CLASS -> SeriesStyle.of(SeriesStyle.PURPLE, Mark.TRIANGLE_DOWN);
    };
  }

  static Plot timeAgainstAccuracy(Comparison comparison) {
    XyPlot chart =
        new XyPlot("Response time against accuracy", "mean response time, ms", "accuracy, %");
    for (Measured each : comparison.measured()) {
      addPoint(chart, each.contender(), each.times().mean(), 100 * each.accuracy());
    }
    double slowest =
        comparison.measured().stream().mapToDouble(each -> each.times().mean()).max().orElse(1);
    return chart
        .markerSize(MARKER_SIZE)
        .rangeX(0, 1.1 * slowest)
        .rangeY(0, 100)
        .plot("strategies-time-accuracy");
  }

  static Plot bytesAgainstTime(Comparison comparison) {
    XyPlot chart =
        new XyPlot(
            "Bytes on the boards' links against response time",
            "kilobytes per image (logarithmic)",
            "mean response time, ms");
    for (Measured each : comparison.measured()) {
      addPoint(chart, each.contender(), each.wire().total() / 1e3, each.times().mean());
    }
    return chart.markerSize(MARKER_SIZE).logarithmicX().fromZero().plot("strategies-bytes-time");
  }

  private static void addPoint(XyPlot chart, Contender contender, double x, double y) {
    chart.points(contender.label(), List.of(x), List.of(y), style(contender));
  }

  static Plot accuracyAgainstDead(Comparison comparison) {
    XyPlot chart =
        new XyPlot(
            "Accuracy with dead boards, mean over every choice of them",
            "dead boards",
            "correct answers, % of all requests");
    for (Measured each : comparison.measured()) {
      chart.line(
          each.contender().label(),
          each.losses().stream().map(loss -> (double) loss.dead()).toList(),
          each.losses().stream().map(loss -> 100 * loss.mean()).toList(),
          style(each.contender()));
    }
    return chart
        .markerSize(MARKER_SIZE)
        .patterns("0", "0.#")
        .rangeY(0, 100)
        .plot("strategies-dead-boards");
  }
}
