package chorale.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Figures as a table, for a terminal or in Markdown. Stateless. */
final class Table {
  private static final List<String> HEAD =
      List.of("figure", "target", "measured", "rounds", "verdict");

  private Table() {}

  static String of(List<Figure> figures) {
    List<List<String>> rows = rows(figures);
    List<Integer> widths = new ArrayList<>(Collections.nCopies(HEAD.size(), 0));
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(" ");
      for (int i = 0; i < row.size(); i++) {
        String format =
            i == 0 || i == 4 ? " %-" + widths.get(i) + "s" : "  %" + widths.get(i) + "s";
        line.append(String.format(Locale.ROOT, format, row.get(i)));
        line.append(i == 3 ? " " : "");
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  static String markdown(List<Figure> figures) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows(figures)) {
      text.append("| ").append(String.join(" | ", row)).append(" |\n");
      if (row.equals(HEAD)) {
        text.append("|---|--:|--:|--:|---|\n");
      }
    }
    return text.toString();
  }

  private static List<List<String>> rows(List<Figure> figures) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (Figure each : figures) {
      String unit = each.unit().isEmpty() ? "" : " " + each.unit();
      rows.add(
          List.of(
              each.name(),
              each.target().map(target -> target + unit).orElse(""),
              Figure.shown(each.measured().median()) + unit,
              each.measured().toString(),
              each.verdict()));
    }
    return rows;
  }
}
