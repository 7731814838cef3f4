package chorale.bench;

import chorale.evaluation.report.Plot;
import java.util.List;
import java.util.Optional;

/**
 * The findings of a part.
 *
 * @param notes conditions and assumptions of the figures, such as emulation
 */
record Findings(List<Figure> figures, List<Plot> plots, List<String> notes) {
  Findings {
    figures = List.copyOf(figures);
    plots = List.copyOf(plots);
    notes = List.copyOf(notes);
  }

  /** Returns the same findings without targets. */
  Findings withoutTargets() {
    return new Findings(
        figures.stream()
            .map(each -> new Figure(each.name(), each.unit(), Optional.empty(), each.measured()))
            .toList(),
        plots,
        notes);
  }
}
