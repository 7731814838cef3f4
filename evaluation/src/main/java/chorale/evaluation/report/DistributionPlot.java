package chorale.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A chart of response-time distributions: time over percentile, with a stretched tail. Stateless.
 */
public final class DistributionPlot {
  /**
   * Between two points: dashes restart at each point, so that dense points look like a solid line.
   */
  private static final double STEP = 1.2;

  private DistributionPlot() {}

  /**
   * @param file its name, without an extension
   * @param systems milliseconds by name, at most four systems
   */
  public static Plot of(String file, String title, Map<String, List<Double>> systems) {
    XyPlot chart =
        new XyPlot(title, "one answer in so many is slower (2 is the median)", "response time, ms")
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
