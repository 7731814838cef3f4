package chorale.evaluation.report;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;

/**
 * A builder of a chart with one value per category, as bars or a line, each labeled with its value.
 * Not thread-safe.
 */
public final class CategoryPlot {
  private static final SeriesStyle STYLE = SeriesStyle.marked(0);

  private final String title;
  private final CategoryChart chart;
  private final List<Double> values;
  private final String format;

  /**
   * @param x title of the horizontal axis
   * @param y title of the vertical axis
   * @param format of a value, such as {@code %.2f}
   */
  public CategoryPlot(
      String title,
      String x,
      String y,
      List<String> categories,
      List<Double> values,
      String format) {
    this.title = title;
    this.values = List.copyOf(values);
    this.format = format;
    this.chart = ChartTheme.applied(new CategoryChart(Plot.WIDTH, Plot.HEIGHT), title, x, y);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setAvailableSpaceFill(.55);
    chart.getStyler().setYAxisDecimalPattern("0.0#");
    CategorySeries series = chart.addSeries(y, categories, values);
    series.setFillColor(STYLE.color());
    series.setMarker(STYLE.marker()).setMarkerColor(STYLE.color());
    series.setLineColor(STYLE.color()).setLineStyle(STYLE.stroke());
  }

  /** Draws a line instead of bars. */
  public CategoryPlot line() {
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
    return this;
  }

  public CategoryPlot rangeY(double min, double max) {
    chart.getStyler().setYAxisMin(min).setYAxisMax(max);
    return this;
  }

  /**
   * @param file name without extension
   */
  public Plot plot(String file) {
    return new Plot(
        file,
        title,
        graphics -> {
          chart.paint(graphics, Plot.WIDTH, Plot.HEIGHT);
          labelValues(graphics);
        });
  }

  /** Draws each value beyond the end of its bar or above its point. */
  private void labelValues(Graphics2D graphics) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    FontMetrics metrics = graphics.getFontMetrics();
    for (int i = 0; i < values.size(); i++) {
      String text = TextFormat.format(format, values.get(i));
      double x = chart.getScreenXFromChart(i + .5);
      double y = chart.getScreenYFromChart(values.get(i));
      ChartTheme.drawText(
          graphics,
          text,
          x - metrics.stringWidth(text) / 2.0,
          values.get(i) < 0 ? y + 8 + metrics.getAscent() : y - 10);
    }
  }
}
