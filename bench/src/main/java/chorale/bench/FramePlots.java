package chorale.bench;

import chorale.bench.FrameTrial.Measured;
import chorale.evaluation.ChartStyle;
import chorale.variants.ModelSet;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Accuracy against bytes, as the frames were made: a line a size, a point a quality. Stateless. */
final class FramePlots {
  private static final String BYTES = "KB a frame";
  private static final String RIGHT = "right answers, %";

  private static final List<Color> COLORS =
      List.of(
          ChartStyle.BLUE,
          ChartStyle.VERMILLION,
          ChartStyle.GREEN,
          ChartStyle.INK,
          ChartStyle.PURPLE,
          ChartStyle.ORANGE);

  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.TRIANGLE_DOWN,
          SeriesMarkers.CROSS);

  private FramePlots() {}

  static List<Findings.Plot> of(ModelSet set, Measured unchanged, List<Measured> grid) {
    return List.of(bySize(unchanged, grid), byVariant(set, grid));
  }

  private static Findings.Plot bySize(Measured unchanged, List<Measured> grid) {
    Map<String, List<Measured>> sizes = new LinkedHashMap<>();
    for (Measured each : grid) {
      sizes.computeIfAbsent(each.setting().size(), size -> new ArrayList<>()).add(each);
    }
    String title = "All variants together, by size and JPEG quality (" + qualities(grid) + ")";
    XYChart chart = chart(title);
    sizes.forEach((size, line) -> add(chart, size, line, Measured::together));
    level(chart, unchanged, grid);
    return Distribution.plot("frames-size", title, chart);
  }

  private static Findings.Plot byVariant(ModelSet set, List<Measured> grid) {
    List<Measured> largest =
        grid.stream()
            .filter(each -> each.setting().side() == grid.get(0).setting().side())
            .toList();
    String title =
        "Each variant, frames of " + largest.get(0).setting().size() + " by JPEG quality";
    XYChart chart = chart(title);
    add(chart, "all together", largest, Measured::together);
    for (int i = 0; i < set.variants().size(); i++) {
      int variant = i;
      add(chart, set.variants().get(i).id(), largest, each -> each.alone(variant));
    }
    return Distribution.plot("frames-variants", title, chart);
  }

  private static String qualities(List<Measured> grid) {
    var qualities = grid.stream().mapToInt(each -> each.setting().quality()).summaryStatistics();
    return qualities.getMin() + " to " + qualities.getMax();
  }

  /** What the images reach as they are, wherever their own bytes would lie. */
  private static void level(XYChart chart, Measured unchanged, List<Measured> grid) {
    var bytes = grid.stream().mapToDouble(Measured::kilobytes).summaryStatistics();
    XYSeries series =
        chart.addSeries(
            "as they are (" + Figure.shown(unchanged.kilobytes()) + " KB)",
            List.of(bytes.getMin(), bytes.getMax()),
            List.of(unchanged.together(), unchanged.together()));
    series.setLineColor(ChartStyle.GRAY);
    series.setMarker(SeriesMarkers.NONE);
  }

  private static XYChart chart(String title) {
    XYChart chart = Distribution.chart(title, BYTES, RIGHT);
    chart.getStyler().setXAxisDecimalPattern("0.##");
    chart.getStyler().setYAxisDecimalPattern("0.#");
    return chart;
  }

  private static void add(
      XYChart chart, String name, List<Measured> line, ToDoubleFunction<Measured> right) {
    int index = chart.getSeriesMap().size();
    Color color = COLORS.get(index % COLORS.size());
    XYSeries series =
        chart.addSeries(
            name,
            line.stream().map(Measured::kilobytes).toList(),
            line.stream().map(right::applyAsDouble).toList());
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setMarker(MARKERS.get(index % MARKERS.size()));
  }
}
