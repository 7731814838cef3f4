package chorale.evaluation;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The plots of an evaluation. Stateless. */
final class Charts {
  private Charts() {}

  /** Every subset a point; those that no cheaper one beats are joined and named. */
  static Plots.Drawing accuracyAgainstMacs(Evaluation evaluation) {
    XYChart chart =
        ChartStyle.chart(
            "Accuracy of every combination of variants",
            "million MACs an image, all variants together",
            "accuracy, %");
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    chart.getStyler().setXAxisDecimalPattern("0.#");
    chart.getStyler().setYAxisDecimalPattern("0.#");
    List<Combination> front = ParetoFront.of(evaluation.combinations());
    List<Combination> others = new ArrayList<>(evaluation.combinations());
    others.removeAll(front);
    if (!others.isEmpty()) {
      series(chart, "combinations", others)
          .setMarker(SeriesMarkers.CIRCLE)
          .setMarkerColor(ChartStyle.GRAY);
    }
    XYSeries line = series(chart, "best for their MACs", front);
    line.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    line.setMarker(SeriesMarkers.DIAMOND).setMarkerColor(ChartStyle.BLUE);
    line.setLineColor(ChartStyle.BLUE).setLineStyle(new BasicStroke(1.5f));
    evaluation
        .reference()
        .ifPresent(
            reference ->
                series(
                        chart,
                        reference.network().id(),
                        List.of(
                            new Combination(
                                List.of(reference.network().id()),
                                reference.accuracy(),
                                reference.network().cost().macs())))
                    .setMarker(SeriesMarkers.SQUARE)
                    .setMarkerColor(ChartStyle.VERMILLION));
    bounds(chart, evaluation);
    return graphics -> {
      chart.paint(graphics, Plots.WIDTH, Plots.HEIGHT);
      name(chart, front, graphics);
    };
  }

  private static XYSeries series(XYChart chart, String name, List<Combination> combinations) {
    return chart.addSeries(
        name,
        combinations.stream().mapToDouble(each -> each.macs() / 1e6).toArray(),
        combinations.stream().mapToDouble(each -> 100 * each.accuracy()).toArray());
  }

  /** Room above for the names, and on the right for a reference far from the others. */
  private static void bounds(XYChart chart, Evaluation evaluation) {
    List<Double> shares = new ArrayList<>();
    List<Double> macs = new ArrayList<>();
    for (Combination each : evaluation.combinations()) {
      shares.add(100 * each.accuracy());
      macs.add(each.macs() / 1e6);
    }
    evaluation
        .reference()
        .ifPresent(
            reference -> {
              shares.add(100 * reference.accuracy());
              macs.add(reference.network().cost().macs() / 1e6);
            });
    double low = shares.stream().min(Comparator.naturalOrder()).orElseThrow();
    double high = shares.stream().max(Comparator.naturalOrder()).orElseThrow();
    double span = Math.max(1, high - low);
    chart.getStyler().setYAxisMin(Math.max(0, low - .08 * span));
    chart.getStyler().setYAxisMax(high + .22 * span);
    chart.getStyler().setXAxisMin(0.0);
    chart
        .getStyler()
        .setXAxisMax(1.05 * macs.stream().max(Comparator.naturalOrder()).orElseThrow());
  }

  /**
   * Names go above and left of their points, where no combination can lie; each as near as it can
   * be without touching another, with a thin line where that is far.
   */
  private static void name(XYChart chart, List<Combination> front, Graphics2D graphics) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    FontMetrics metrics = graphics.getFontMetrics();
    double left = chart.getScreenXFromChart(chart.getStyler().getXAxisMin());
    List<Rectangle2D> taken = new ArrayList<>();
    for (Combination each : front) {
      double x = chart.getScreenXFromChart(each.macs() / 1e6);
      double y = chart.getScreenYFromChart(100 * each.accuracy());
      String text = ShortNames.of(each.variants());
      double width = metrics.stringWidth(text);
      Rectangle2D box =
          new Rectangle2D.Double(
              Math.max(left + 4, x - width + 4), y - 11 - metrics.getAscent(), width, 15);
      while (touches(box, taken)) {
        box.setRect(box.getX(), box.getY() - 3, box.getWidth(), box.getHeight());
      }
      taken.add(new Rectangle2D.Double(box.getX() - 4, box.getY() - 1, width + 8, 17));
      if (y - box.getMaxY() > 14) {
        graphics.setColor(ChartStyle.GRAY);
        graphics.setStroke(new BasicStroke(.7f));
        double foot = Math.min(x, box.getMaxX());
        graphics.draw(new Line2D.Double(foot, box.getMaxY(), x, y - 5));
      }
      text(graphics, text, box.getX(), box.getY() + metrics.getAscent());
    }
  }

  private static boolean touches(Rectangle2D box, List<Rectangle2D> taken) {
    return box.getY() > 30 && taken.stream().anyMatch(box::intersects);
  }

  /** What the loss of each variant costs. */
  static Plots.Drawing leaveOneOut(Evaluation evaluation) {
    List<String> names = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    for (Evaluation.WithoutOne each : evaluation.withoutOne()) {
      names.add("without " + each.without());
      losses.add(round(100 * (evaluation.all().accuracy() - each.accuracy())));
    }
    CategoryChart chart =
        categories(
            String.format(
                Locale.ROOT,
                "What one lost variant costs (all together: %.1f %%)",
                100 * evaluation.all().accuracy()),
            "",
            "percentage points lost");
    CategorySeries series = chart.addSeries("points", names, losses);
    series.setFillColor(ChartStyle.BLUE);
    double low = losses.stream().min(Comparator.naturalOrder()).orElse(0.0);
    double high = losses.stream().max(Comparator.naturalOrder()).orElse(0.0);
    double span = Math.max(.5, Math.max(high, 0) - Math.min(low, 0));
    chart.getStyler().setYAxisMin(low < 0 ? low - .2 * span : 0);
    chart.getStyler().setYAxisMax(Math.max(high, 0) + .2 * span);
    return labelled(chart, losses, "%+.2f");
  }

  /** What more classes of each variant bring. */
  static Plots.Drawing kSweep(Evaluation evaluation) {
    List<String> names = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    for (Evaluation.KAccuracy each : evaluation.kSweep()) {
      names.add(each.full() ? each.k() + " (all)" : String.valueOf(each.k()));
      shares.add(round(100 * each.accuracy()));
    }
    CategoryChart chart =
        categories(
            "Accuracy over the classes that each variant answers with",
            "k, classes of each variant",
            "accuracy, %");
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
    CategorySeries series = chart.addSeries("accuracy", names, shares);
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(ChartStyle.BLUE);
    series.setLineColor(ChartStyle.BLUE);
    series.setLineStyle(new BasicStroke(2f));
    double low = shares.stream().min(Comparator.naturalOrder()).orElseThrow();
    double high = shares.stream().max(Comparator.naturalOrder()).orElseThrow();
    double span = Math.max(1, high - low);
    chart.getStyler().setYAxisMin(Math.max(0, low - .4 * span));
    chart.getStyler().setYAxisMax(high + .4 * span);
    return labelled(chart, shares, "%.2f");
  }

  private static CategoryChart categories(String title, String x, String y) {
    CategoryChart chart =
        ChartStyle.dressed(new CategoryChart(Plots.WIDTH, Plots.HEIGHT), title, x, y);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setAvailableSpaceFill(.55);
    chart.getStyler().setYAxisDecimalPattern("0.0#");
    return chart;
  }

  /** The figure beyond the end of each bar or above each point. */
  private static Plots.Drawing labelled(CategoryChart chart, List<Double> values, String format) {
    return graphics -> {
      chart.paint(graphics, Plots.WIDTH, Plots.HEIGHT);
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
      FontMetrics metrics = graphics.getFontMetrics();
      for (int i = 0; i < values.size(); i++) {
        String text = String.format(Locale.ROOT, format, values.get(i));
        double x = chart.getScreenXFromChart(i + .5);
        double y = chart.getScreenYFromChart(values.get(i));
        text(
            graphics,
            text,
            x - metrics.stringWidth(text) / 2.0,
            values.get(i) < 0 ? y + 8 + metrics.getAscent() : y - 10);
      }
    };
  }

  /** As outlines, which look the same everywhere, with a rim that keeps lines away from them. */
  private static void text(Graphics2D graphics, String text, double x, double y) {
    Shape outline =
        graphics
            .getFont()
            .createGlyphVector(graphics.getFontRenderContext(), text)
            .getOutline((float) x, (float) y);
    graphics.setColor(Color.WHITE);
    graphics.setStroke(new BasicStroke(4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(outline);
    graphics.setColor(ChartStyle.INK);
    graphics.fill(outline);
  }

  private static double round(double points) {
    return Math.rint(points * 100) / 100;
  }

  /** The plots of an evaluation that it has the figures for, by file name. */
  static List<Named> all(Evaluation evaluation) {
    List<Named> all = new ArrayList<>();
    all.add(new Named("accuracy-macs", accuracyAgainstMacs(evaluation)));
    if (!evaluation.withoutOne().isEmpty()) {
      all.add(new Named("leave-one-out", leaveOneOut(evaluation)));
    }
    all.add(new Named("k-sweep", kSweep(evaluation)));
    return all;
  }

  record Named(String file, Plots.Drawing drawing) {}
}
