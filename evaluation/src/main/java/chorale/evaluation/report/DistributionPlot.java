package chorale.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A chart of response-time distributions: response time over x, where 1 answer in x is slower. The
 * logarithmic axis spreads the slow answers. Stateless.
 */
public final class DistributionPlot {
  /**
   * Minimum ratio between two points: dashes restart at each point, so dense points look like a
   * solid line.
   */
  private static final double STEP = 1.2;

  private DistributionPlot() {}

  /**
   * @param file name without extension
   * @param systems response times in milliseconds by name, at most 4 systems
   */
  public static Plot of(String file, String title, Map<String, List<Double>> systems) {
    XyPlot chart =
        new XyPlot(title, "1 answer in x is slower (x = 2: median)", "response time, ms")
            .logarithmicX()
            .fromZero();
    int index = 0;
    for (Map.Entry<String, List<Double>> system : systems.entrySet()) {
      List<Double> sorted = system.getValue().stream().sorted().toList();
      List<Double> rarities = new ArrayList<>();
      List<Double> slowest = new ArrayList<>();
      double next = 1;
      for (int i = 0; i < sorted.size(); i++) {
        double rarity = (double) sorted.size() / (sorted.size() - i);
        if (rarity >= next) {
          rarities.add(rarity);
          slowest.add(sorted.get(i));
          next = rarity * STEP;
        }
      }
      chart.line(system.getKey(), rarities, slowest, SeriesStyle.dashed(index++));
    }
    return chart.plot(file);
  }
}
