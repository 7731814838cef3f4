package chorale.bench;

import chorale.evaluation.Plots;
import java.util.List;

/**
 * What a part found.
 *
 * @param notes what a reader of the figures must know: conditions, assumptions, what is emulated
 */
record Findings(List<Figure> figures, List<Plot> plots, List<String> notes) {
  Findings {
    figures = List.copyOf(figures);
    plots = List.copyOf(plots);
    notes = List.copyOf(notes);
  }

  /**
   * A picture of the report.
   *
   * @param file its name, without an ending
   */
  record Plot(String file, String title, Plots.Drawing drawing) {}
}
