package chorale.evaluation.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A builder of a chart over time, in seconds: points on a logarithmic axis, above rows of bars for
 * events. Not thread-safe.
 */
public final class TimelinePlot {
  private static final int LEFT = 130;
  private static final int RIGHT = 24;
  private static final int TOP = 44;
  private static final int BOTTOM = 48;
  private static final int ROW = 16;
  private static final int POINT = 3;
  private static final Color GRID = new Color(0xE6, 0xE6, 0xE6);
  private static final int[] STEPS = {5, 10, 30, 60, 120, 300, 600, 1_200};
  private static final int MOST_TICKS = 10;

  private final String title;
  private final String y;
  private final List<Point> points = new ArrayList<>();
  private final List<Double> missing = new ArrayList<>();
  private final Map<String, List<Bar>> rows = new LinkedHashMap<>();

  private record Point(double at, double value) {}

  private record Bar(double from, double to) {}

  /**
   * @param y title of the vertical axis
   */
  public TimelinePlot(String title, String y) {
    this.title = title;
    this.y = y;
  }

  /**
   * @param value above 0
   */
  public void point(double at, double value) {
    points.add(new Point(at, value));
  }

  /** Adds a point without a value, drawn at the upper edge. */
  public void missing(double at) {
    missing.add(at);
  }

  /** Adds a bar to the row of this name. Rows keep the order of their first bars. */
  public void bar(String row, double from, double to) {
    rows.computeIfAbsent(row, any -> new ArrayList<>()).add(new Bar(from, to));
  }

  /**
   * @param file name without extension
   */
  public Plot plot(String file) {
    return new Plot(file, title, graphics -> new Drawing(graphics).draw());
  }

  /** One rendering on a canvas. */
  private final class Drawing {
    private final Graphics2D graphics;
    private final double end;
    private final double bottom = Plot.HEIGHT - BOTTOM - ROW * (double) rows.size();
    private final double decades;

    private Drawing(Graphics2D graphics) {
      this.graphics = graphics;
      double last = points.stream().mapToDouble(Point::at).max().orElse(1);
      this.end = Math.max(1, last);
      double most = points.stream().mapToDouble(Point::value).max().orElse(1);
      this.decades = Math.max(1, Math.ceil(Math.log10(Math.max(1, most))));
    }

    private double x(double seconds) {
      double share = Math.max(0, Math.min(1, seconds / end));
      return LEFT + share * (Plot.WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
      double share = Math.max(0, Math.log10(Math.max(1, value)) / decades);
      return bottom - share * (bottom - TOP);
    }

    private void draw() {
      graphics.setColor(Color.WHITE);
      graphics.fill(new Rectangle2D.Double(0, 0, Plot.WIDTH, Plot.HEIGHT));
      graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
      text(title, Plot.WIDTH / 2.0, 24, .5);
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
      drawGrid();
      drawRows();
      graphics.setColor(SeriesStyle.BLUE);
      for (Point each : points) {
        dot(x(each.at()), y(each.value()));
      }
      graphics.setColor(SeriesStyle.VERMILLION);
      missing.forEach(each -> dot(x(each), TOP));
    }

    private void drawGrid() {
      for (int decade = 0; decade <= decades; decade++) {
        double value = Math.pow(10, decade);
        line(LEFT, y(value), Plot.WIDTH - RIGHT, y(value));
        text(String.valueOf((long) value), LEFT - 8, y(value) + 5, 1);
      }
      text(y, LEFT - 8, TOP - 10, 1);
      double foot = Plot.HEIGHT - BOTTOM;
      int step = step();
      for (int at = 0; at <= end; at += step) {
        line(x(at), TOP, x(at), foot + 4);
        text(String.valueOf(at), x(at), foot + 20, .5);
      }
      text("seconds", Plot.WIDTH - RIGHT, Plot.HEIGHT - 10, 1);
    }

    private int step() {
      for (int each : STEPS) {
        if (end / each <= MOST_TICKS) {
          return each;
        }
      }
      return (int) Math.ceil(end / MOST_TICKS);
    }

    private void drawRows() {
      double top = bottom + 4;
      for (Map.Entry<String, List<Bar>> row : rows.entrySet()) {
        text(row.getKey(), LEFT - 8, top + ROW - 4, 1);
        graphics.setColor(SeriesStyle.ORANGE);
        for (Bar each : row.getValue()) {
          double width = Math.max(2, x(each.to()) - x(each.from()));
          graphics.fill(new Rectangle2D.Double(x(each.from()), top + 2, width, ROW - 4));
        }
        top += ROW;
      }
    }

    private void dot(double x, double y) {
      graphics.fill(new Ellipse2D.Double(x - POINT / 2.0, y - POINT / 2.0, POINT, POINT));
    }

    private void line(double fromX, double fromY, double toX, double toY) {
      graphics.setColor(GRID);
      graphics.setStroke(new BasicStroke(1f));
      graphics.draw(new Line2D.Double(fromX, fromY, toX, toY));
    }

    /**
     * @param share of the text left of x
     */
    private void text(String text, double x, double y, double share) {
      double width = graphics.getFontMetrics().stringWidth(text);
      ChartTheme.drawText(graphics, text, x - share * width, y);
    }
  }
}
