package chorale.bench;

import chorale.evaluation.report.Plot;
import java.util.List;

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
}
