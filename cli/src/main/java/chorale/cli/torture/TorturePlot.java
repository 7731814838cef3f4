package chorale.cli.torture;

import chorale.evaluation.report.Plot;
import chorale.evaluation.report.TimelinePlot;
import chorale.protocol.Labels;
import chorale.site.faults.Timeline;

/**
 * A plot of a run: the response time of each request, above a timeline of the faults. Stateless.
 */
final class TorturePlot {
  private TorturePlot() {}

  static Plot of(Timeline timeline) {
    TimelinePlot plot =
        new TimelinePlot("Faults, and how long requests waited", "ms to the result");
    timeline.results().forEach(each -> plot.point(each.at(), each.latencyMillis()));
    timeline.unanswered().forEach(plot::missing);
    timeline.faults().stream()
        .sorted((one, other) -> one.kind().compareTo(other.kind()))
        .forEach(each -> plot.bar(Labels.of(each.kind()), each.from(), each.to()));
    return plot.plot("timeline");
  }
}
