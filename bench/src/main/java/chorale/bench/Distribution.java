package chorale.bench;

import chorale.evaluation.ChartStyle;
import chorale.evaluation.Plots;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots of the benchmark. Stateless. */
final class Distribution {
  private static final List<Color> COLORS =
      List.of(ChartStyle.BLUE, ChartStyle.GREEN, ChartStyle.GRAY, ChartStyle.VERMILLION);

  private static final List<BasicStroke> STROKES =
      List.of(stroke(), stroke(8, 4), stroke(2, 3), stroke(10, 3, 2, 3));

  /** Between two points: dashes begin anew at each, so that crowded ones look like a line. */
  private static final double STEP = 1.2;

  private Distribution() {}

  private static BasicStroke stroke(float... dashes) {
    return dashes.length == 0
        ? new BasicStroke(2f)
        : new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, dashes, 0f);
  }

  /**
   * How many answers took at most how long: time over percentile, with a tail that is drawn as wide
   * as it is rare.
   *
   * @param systems milliseconds, four systems at most
   */
  static Findings.Plot plot(String file, String title, Map<String, List<Double>> systems) {
    XYChart chart =
        chart(title, "one answer in so many is slower (2 is the median)", "response time, ms");
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(0.0);
    systems.forEach(
        (name, millis) -> {
          List<Double> sorted = millis.stream().sorted().toList();
          List<Double> rarities = new ArrayList<>();
          List<Double> slowest = new ArrayList<>();
          double next = 1;
          for (int i = 0; i < sorted.size(); i++) {
            double rarity = (double) sorted.size() / (sorted.size() - i);
            if (rarity >= next) {
              rarities.add(rarity);
              slowest.add(sorted.get(i));
              next = rarity * STEP;
            }
          }
          add(chart, name, rarities, slowest);
        });
    return plot(file, title, chart);
  }

  static Findings.Plot plot(String file, String title, XYChart chart) {
    return new Findings.Plot(
        file, title, graphics -> chart.paint(graphics, Plots.WIDTH, Plots.HEIGHT));
  }

  static XYChart chart(String title, String x, String y) {
    XYChart chart = ChartStyle.chart(title, x, y);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    return chart;
  }

  static XYSeries add(XYChart chart, String name, List<Double> x, List<Double> y) {
    int index = chart.getSeriesMap().size() % COLORS.size();
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(COLORS.get(index));
    series.setLineStyle(STROKES.get(index));
    return series;
  }
}
