package chorale.evaluation;

import static chorale.evaluation.report.TextFormat.percent;

import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/**
 * A writer of the report sections on errors: agreement, common errors and accuracy by class. Used
 * by one thread.
 */
final class ErrorSections {
  /** Sets with more classes get no table of classes. */
  private static final int SHOWN_CLASSES = 100;

  private final Evaluation evaluation;
  private final MarkdownReport report;
  private final List<String> ids;

  ErrorSections(Evaluation evaluation, MarkdownReport report) {
    this.evaluation = evaluation;
    this.report = report;
    this.ids = evaluation.set().networks().stream().map(Network::id).toList();
  }

  void add() {
    agreement();
    byRight();
    perClass();
  }

  private void agreement() {
    TextTable table = TextTable.of(with(ids, ""));
    for (int i = 0; i < ids.size(); i++) {
      List<String> cells = new ArrayList<>(List.of("**" + ids.get(i) + "**"));
      evaluation.agreement().get(i).forEach(share -> cells.add(percent(share)));
      table.row(cells);
    }
    report
        .heading(2, "Agreement")
        .paragraph("The share of the images on which two networks name the same class.")
        .table(table);
  }

  private void byRight() {
    List<String> reference =
        evaluation.reference().isPresent() ? List.of("reference correct") : List.of();
    TextTable table = TextTable.of(with(reference, "correct variants", "images", "fused correct"));
    for (Evaluation.ByRight each : evaluation.byRight()) {
      table.row(
          with(
              each.reference().map(right -> List.of("" + right)).orElse(List.of()),
              "" + each.variants(),
              "" + each.images(),
              "" + each.fused()));
    }
    report
        .heading(2, "When variants err together")
        .paragraph(
            "Images by their number of correct variants, and how many of those images the fused"
                + " answer classifies correctly. Fusion corrects errors of a few variants, seldom"
                + " errors of most.")
        .table(table);
  }

  private void perClass() {
    report.heading(2, "Accuracy by class");
    if (evaluation.perClass().size() > SHOWN_CLASSES) {
      report.paragraph(evaluation.perClass().size() + " classes: see the JSON.");
      return;
    }
    TextTable table = TextTable.of(with(ids, "class", "images", "fused"));
    for (Evaluation.ClassAccuracy each : evaluation.perClass()) {
      List<String> shares =
          each.networks().isEmpty()
              ? ids.stream().map(id -> "–").toList()
              : each.networks().stream().map(share -> percent(share)).toList();
      String fused = each.fused().map(share -> percent(share)).orElse("–");
      table.row(with(shares, each.name(), "" + each.images(), fused));
    }
    report.table(table);
  }

  private static List<String> with(List<String> last, String... first) {
    List<String> cells = new ArrayList<>(List.of(first));
    cells.addAll(last);
    return cells;
  }
}
