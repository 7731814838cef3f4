package chorale.bench;

import chorale.bench.FrameTrial.Measured;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.SeriesStyle;
import chorale.evaluation.report.SeriesStyle.Mark;
import chorale.evaluation.report.XyPlot;
import chorale.variants.ModelSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Accuracy against bytes, as the frames were made: a line a size, a point a quality. Stateless. */
final class FramePlots {
  private FramePlots() {}

  static List<Plot> of(ModelSet set, Measured unchanged, List<Measured> grid) {
    return List.of(bySize(unchanged, grid), byVariant(set, grid));
  }

  private static Plot bySize(Measured unchanged, List<Measured> grid) {
    Map<String, List<Measured>> sizes = new LinkedHashMap<>();
    for (Measured each : grid) {
      sizes.computeIfAbsent(each.setting().size(), size -> new ArrayList<>()).add(each);
    }
    var qualities = grid.stream().mapToInt(each -> each.setting().quality()).summaryStatistics();
    XyPlot plot =
        plot(
            "All variants together, by size and JPEG quality (%d to %d)"
                .formatted(qualities.getMin(), qualities.getMax()));
    int index = 0;
    for (Map.Entry<String, List<Measured>> size : sizes.entrySet()) {
      add(plot, size.getKey(), size.getValue(), Measured::together, index++);
    }
    var bytes = grid.stream().mapToDouble(Measured::kilobytes).summaryStatistics();
    // The accuracy of the images as they are, wherever their own bytes would lie.
    plot.line(
        "as they are (" + Figure.shown(unchanged.kilobytes()) + " KB)",
        List.of(bytes.getMin(), bytes.getMax()),
        List.of(unchanged.together(), unchanged.together()),
        SeriesStyle.of(SeriesStyle.GRAY, Mark.NONE));
    return plot.plot("frames-size");
  }

  private static Plot byVariant(ModelSet set, List<Measured> grid) {
    int side = grid.get(0).setting().side();
    List<Measured> largest = grid.stream().filter(each -> each.setting().side() == side).toList();
    String size = largest.get(0).setting().size();
    XyPlot plot = plot("Each variant, frames of " + size + " by JPEG quality");
    add(plot, "all together", largest, Measured::together, 0);
    for (int i = 0; i < set.variants().size(); i++) {
      int variant = i;
      add(plot, set.variants().get(i).id(), largest, each -> each.alone(variant), i + 1);
    }
    return plot.plot("frames-variants");
  }

  private static XyPlot plot(String title) {
    return new XyPlot(title, "KB a frame", "right answers, %").patterns("0.##", "0.#");
  }

  private static void add(
      XyPlot plot, String name, List<Measured> line, ToDoubleFunction<Measured> right, int index) {
    plot.line(
        name,
        line.stream().map(Measured::kilobytes).toList(),
        line.stream().map(right::applyAsDouble).toList(),
        SeriesStyle.marked(index));
  }
}
