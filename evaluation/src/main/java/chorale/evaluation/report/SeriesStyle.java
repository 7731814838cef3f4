package chorale.evaluation.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The style of one series of a chart. The colors are those of Okabe and Ito (Color Universal
 * Design, 2008), which color-blind readers can distinguish. Series also differ by marker or dash
 * pattern. Immutable.
 */
public record SeriesStyle(Color color, Mark mark, BasicStroke stroke) {
  public static final Color BLUE = new Color(0x00, 0x72, 0xB2);
  public static final Color VERMILLION = new Color(0xD5, 0x5E, 0x00);
  public static final Color GREEN = new Color(0x00, 0x9E, 0x73);
  public static final Color GRAY = new Color(0x99, 0x99, 0x99);
  public static final Color PURPLE = new Color(0xCC, 0x79, 0xA7);
  public static final Color ORANGE = new Color(0xE6, 0x9F, 0x00);
  static final Color INK = new Color(0x33, 0x33, 0x33);

  private static final BasicStroke SOLID = new BasicStroke(2f);

  private static final List<SeriesStyle> MARKED =
      List.of(
          of(BLUE, Mark.CIRCLE),
          of(VERMILLION, Mark.SQUARE),
          of(GREEN, Mark.DIAMOND),
          of(INK, Mark.TRIANGLE_UP),
          of(PURPLE, Mark.TRIANGLE_DOWN),
          of(ORANGE, Mark.CROSS));

  private static final List<SeriesStyle> DASHED =
      List.of(
          of(BLUE, Mark.NONE),
          new SeriesStyle(GREEN, Mark.NONE, dashes(8, 4)),
          new SeriesStyle(GRAY, Mark.NONE, dashes(2, 3)),
          new SeriesStyle(VERMILLION, Mark.NONE, dashes(10, 3, 2, 3)));

  /** The shape of a series' points. */
  public enum Mark {
    NONE,
    CIRCLE,
    SQUARE,
    DIAMOND,
    TRIANGLE_UP,
    TRIANGLE_DOWN,
    CROSS
  }

  /** Returns a style with a solid line. */
  public static SeriesStyle of(Color color, Mark mark) {
    return new SeriesStyle(color, mark, SOLID);
  }

  /** Returns one of six styles with different markers. */
  public static SeriesStyle marked(int index) {
    return MARKED.get(index % MARKED.size());
  }

  /** Returns one of four styles with different dashes, for lines of many points. */
  public static SeriesStyle dashed(int index) {
    return DASHED.get(index % DASHED.size());
  }

  private static BasicStroke dashes(float... lengths) {
    return new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, lengths, 0f);
  }

  Marker marker() {
    return switch (mark) {
      case NONE -> SeriesMarkers.NONE;
      case CIRCLE -> SeriesMarkers.CIRCLE;
      case SQUARE -> SeriesMarkers.SQUARE;
      case DIAMOND -> SeriesMarkers.DIAMOND;
      case TRIANGLE_UP -> SeriesMarkers.TRIANGLE_UP;
      case TRIANGLE_DOWN -> SeriesMarkers.TRIANGLE_DOWN;
      case CROSS -> SeriesMarkers.CROSS;
    };
  }
}
