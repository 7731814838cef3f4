package chorale.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler;

/** A builder of a chart of lines and points over two numeric axes. Not thread-safe. */
public final class XyPlot {
  private final String title;
  private final XYChart chart;
  private final List<PointLabels.Label> labels = new ArrayList<>();

  /**
   * @param x title of the horizontal axis
   * @param y title of the vertical axis
   */
  public XyPlot(String title, String x, String y) {
    this.title = title;
    this.chart = ChartTheme.applied(new XYChart(Plot.WIDTH, Plot.HEIGHT), title, x, y);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
  }

  public XyPlot line(String name, List<Double> x, List<Double> y, SeriesStyle style) {
    return series(name, x, y, style, XYSeriesRenderStyle.Line);
  }

  public XyPlot points(String name, List<Double> x, List<Double> y, SeriesStyle style) {
    return series(name, x, y, style, XYSeriesRenderStyle.Scatter);
  }

  private XyPlot series(
      String name, List<Double> x, List<Double> y, SeriesStyle style, XYSeriesRenderStyle render) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(render);
    series.setMarker(style.marker()).setMarkerColor(style.color());
    series.setLineColor(style.color()).setLineStyle(style.stroke());
    return this;
  }

  /** Labels a point; needs a fixed range of x. */
  public XyPlot label(String text, double x, double y) {
    labels.add(new PointLabels.Label(text, x, y));
    return this;
  }

  public XyPlot rangeX(double min, double max) {
    chart.getStyler().setXAxisMin(min).setXAxisMax(max);
    return this;
  }

  public XyPlot rangeY(double min, double max) {
    chart.getStyler().setYAxisMin(min).setYAxisMax(max);
    return this;
  }

  /** Starts the vertical axis at zero. */
  public XyPlot fromZero() {
    chart.getStyler().setYAxisMin(0.0);
    return this;
  }

  public XyPlot logarithmicX() {
    chart.getStyler().setXAxisLogarithmic(true);
    return this;
  }

  /** Sets the number formats of the axes, such as {@code 0.#}. */
  public XyPlot patterns(String x, String y) {
    chart.getStyler().setXAxisDecimalPattern(x).setYAxisDecimalPattern(y);
    return this;
  }

  /**
   * @param points diameter of markers
   */
  public XyPlot markerSize(int points) {
    chart.getStyler().setMarkerSize(points);
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
          PointLabels.draw(labels, chart, graphics);
        });
  }
}
