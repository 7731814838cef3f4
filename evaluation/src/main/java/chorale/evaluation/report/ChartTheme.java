package chorale.evaluation.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.util.Locale;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;

/** The common style of all charts: fonts, colors and lines. Stateless. */
final class ChartTheme {
  private static final Color GRID = new Color(0xE6, 0xE6, 0xE6);

  private ChartTheme() {}

  /** Sets titles and this theme on a chart and returns it. */
  static <C extends Chart<? extends AxesChartStyler, ?>> C applied(
      C chart, String title, String x, String y) {
    chart.setTitle(title);
    chart.setXAxisTitle(x);
    chart.setYAxisTitle(y);
    AxesChartStyler styler = chart.getStyler();
    styler.setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setChartFontColor(SeriesStyle.INK);
    styler.setAxisTickLabelsColor(SeriesStyle.INK);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setPlotGridVerticalLinesVisible(false);
    styler.setChartTitleBoxVisible(false);
    styler.setLegendBorderColor(GRID);
    styler.setLegendPadding(12);
    styler.setMarkerSize(8);
    styler.setChartPadding(14);
    styler.setLocale(Locale.ROOT);
    return chart;
  }

  /**
   * Draws text as outlines, which look the same with every set of fonts. A white rim separates it
   * from lines.
   */
  static void drawText(Graphics2D graphics, String text, double x, double y) {
    Shape outline =
        graphics
            .getFont()
            .createGlyphVector(graphics.getFontRenderContext(), text)
            .getOutline((float) x, (float) y);
    graphics.setColor(Color.WHITE);
    graphics.setStroke(new BasicStroke(4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(outline);
    graphics.setColor(SeriesStyle.INK);
    graphics.fill(outline);
  }
}
