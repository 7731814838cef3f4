package chorale.evaluation.report;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;

/**
 * A label placer for the points of a chart. A label is above and left of its point, as near as
 * possible without overlap; a thin line connects a distant one. This corner is empty in charts of
 * an increasing curve. Stateless.
 */
final class PointLabels {
  private PointLabels() {}

  /** A label at a point, in the chart's units. */
  record Label(String text, double x, double y) {}

  /** Draws the labels; call it after the chart is painted. */
  static void draw(List<Label> labels, XYChart chart, Graphics2D graphics) {
    if (labels.isEmpty()) {
      return;
    }
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    FontMetrics metrics = graphics.getFontMetrics();
    double left = chart.getScreenXFromChart(chart.getStyler().getXAxisMin());
    List<Rectangle2D> taken = new ArrayList<>();
    for (Label each : labels) {
      double x = chart.getScreenXFromChart(each.x());
      double y = chart.getScreenYFromChart(each.y());
      double width = metrics.stringWidth(each.text());
      Rectangle2D box =
          new Rectangle2D.Double(
              Math.max(left + 4, x - width + 4), y - 11 - metrics.getAscent(), width, 15);
      while (box.getY() > 30 && taken.stream().anyMatch(box::intersects)) {
        box.setRect(box.getX(), box.getY() - 3, box.getWidth(), box.getHeight());
      }
      taken.add(new Rectangle2D.Double(box.getX() - 4, box.getY() - 1, width + 8, 17));
      if (y - box.getMaxY() > 14) {
        graphics.setColor(SeriesStyle.GRAY);
        graphics.setStroke(new BasicStroke(.7f));
        double foot = Math.min(x, box.getMaxX());
        graphics.draw(new Line2D.Double(foot, box.getMaxY(), x, y - 5));
      }
      ChartTheme.drawText(graphics, each.text(), box.getX(), box.getY() + metrics.getAscent());
    }
  }
}
