package chorale.evaluation.comparison;

import chorale.evaluation.ChartStyle;
import chorale.evaluation.Plots;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.evaluation.comparison.Comparison.Measured;
import chorale.protocol.Strategy;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The plots of a comparison. Each strategy has its colour and its marker. Stateless. */
final class ComparisonCharts {
  private ComparisonCharts() {}

  private record Look(Color color, Marker marker) {}

  private static Look look(Strategy strategy) {
    return switch (strategy) {
      case VARIANT -> new Look(ChartStyle.BLUE, SeriesMarkers.CIRCLE);
      case SINGLE -> new Look(ChartStyle.GRAY, SeriesMarkers.SQUARE);
      case DATA -> new Look(ChartStyle.GREEN, SeriesMarkers.TRIANGLE_UP);
      case MODEL -> new Look(ChartStyle.VERMILLION, SeriesMarkers.DIAMOND);
    };
  }

  /** By file name. */
  static Map<String, Plots.Drawing> all(Comparison comparison) {
    Map<String, Plots.Drawing> all = new LinkedHashMap<>();
    all.put("strategies-time-accuracy", timeAgainstAccuracy(comparison));
    all.put("strategies-bytes-time", bytesAgainstTime(comparison));
    all.put("strategies-dead-boards", accuracyAgainstDead(comparison));
    return all;
  }

  private static Plots.Drawing timeAgainstAccuracy(Comparison comparison) {
    XYChart chart =
        chart("Response time against accuracy", "response time, median, ms", "accuracy, %");
    for (Measured each : comparison.measured()) {
      point(chart, each.strategy(), each.times().p50(), 100 * each.accuracy());
    }
    double slowest =
        comparison.measured().stream().mapToDouble(each -> each.times().p50()).max().orElse(1);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.1 * slowest);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(100.0);
    return drawing(chart);
  }

  private static Plots.Drawing bytesAgainstTime(Comparison comparison) {
    XYChart chart =
        chart(
            "Bytes on the boards' links against response time",
            "kilobytes an image (logarithmic)",
            "response time, median, ms");
    chart.getStyler().setXAxisLogarithmic(true);
    for (Measured each : comparison.measured()) {
      point(chart, each.strategy(), each.wire().total() / 1e3, each.times().p50());
    }
    chart.getStyler().setYAxisMin(0.0);
    return drawing(chart);
  }

  private static void point(XYChart chart, Strategy strategy, double x, double y) {
    XYSeries series = chart.addSeries(strategy.label(), List.of(x), List.of(y));
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(look(strategy).marker()).setMarkerColor(look(strategy).color());
  }

  private static Plots.Drawing accuracyAgainstDead(Comparison comparison) {
    XYChart chart =
        chart(
            "Accuracy with boards dead, mean over every choice of them",
            "dead boards",
            "right answers, % of all requests");
    for (Measured each : comparison.measured()) {
      Look look = look(each.strategy());
      XYSeries series =
          chart.addSeries(
              each.strategy().label(),
              each.losses().stream().map(loss -> (double) loss.dead()).toList(),
              each.losses().stream().map(ComparisonCharts::percent).toList());
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
      series.setMarker(look.marker()).setMarkerColor(look.color());
      series.setLineColor(look.color()).setLineStyle(new BasicStroke(2f));
    }
    chart.getStyler().setXAxisDecimalPattern("0").setYAxisMin(0.0).setYAxisMax(100.0);
    return drawing(chart);
  }

  private static double percent(Loss loss) {
    return 100 * loss.mean();
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart = ChartStyle.chart(title, x, y);
    chart.getStyler().setMarkerSize(12);
    return chart;
  }

  private static Plots.Drawing drawing(XYChart chart) {
    return graphics -> chart.paint(graphics, Plots.WIDTH, Plots.HEIGHT);
  }
}
