package chorale.bench;

import chorale.evaluation.report.Plot;
import java.util.List;
import java.util.Optional;

/**
 * The results of one part.
 *
 * @param notes what a reader of the figures must know: conditions, assumptions, what is emulated
 */
record Findings(List<Figure> figures, List<Plot> plots, List<String> notes) {
  Findings {
    figures = List.copyOf(figures);
    plots = List.copyOf(plots);
    notes = List.copyOf(notes);
  }

  /** The same figures, judged by nobody. */
  Findings withoutTargets() {
    return new Findings(
        figures.stream()
            .map(each -> new Figure(each.name(), each.unit(), Optional.empty(), each.measured()))
            .toList(),
        plots,
        notes);
  }
}
