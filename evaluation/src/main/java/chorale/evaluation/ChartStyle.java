package chorale.evaluation;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/**
 * How all plots look. Colours are those of Okabe and Ito (Color Universal Design, 2008), which
 * differ for colour-blind eyes too, and no plot tells by colour alone. Stateless.
 */
public final class ChartStyle {
  public static final Color BLUE = new Color(0x00, 0x72, 0xB2);
  public static final Color VERMILLION = new Color(0xD5, 0x5E, 0x00);
  public static final Color GREEN = new Color(0x00, 0x9E, 0x73);
  public static final Color PURPLE = new Color(0xCC, 0x79, 0xA7);
  public static final Color ORANGE = new Color(0xE6, 0x9F, 0x00);
  public static final Color GRAY = new Color(0x99, 0x99, 0x99);
  public static final Color INK = new Color(0x33, 0x33, 0x33);
  static final Color GRID = new Color(0xE6, 0xE6, 0xE6);

  private ChartStyle() {}

  /** An empty chart with its legend below. */
  public static XYChart chart(String title, String x, String y) {
    XYChart chart = dressed(new XYChart(Plots.WIDTH, Plots.HEIGHT), title, x, y);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    return chart;
  }

  /** The same chart with its titles, in the style that all share. */
  static <C extends Chart<? extends AxesChartStyler, ?>> C dressed(
      C chart, String title, String x, String y) {
    chart.setTitle(title);
    chart.setXAxisTitle(x);
    chart.setYAxisTitle(y);
    apply(chart.getStyler());
    return chart;
  }

  private static void apply(AxesChartStyler styler) {
    styler.setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setChartFontColor(INK);
    styler.setAxisTickLabelsColor(INK);
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
  }
}
