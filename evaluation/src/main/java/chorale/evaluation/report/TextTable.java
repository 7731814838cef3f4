package chorale.evaluation.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of text cells, written as aligned columns for a terminal or as Markdown. By default, the
 * first column is left-aligned and all others are right-aligned. Not thread-safe.
 */
public final class TextTable {
  private static final String GAP = "  ";
  private static final String CONTINUED = "  ";
  private static final int TERMINAL_COLUMNS = 80;
  private static final int LEAST_FIRST = 16;

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Integer> widths;
  private Set<Integer> left = Set.of(0);

  private TextTable(List<String> header) {
    this.widths = new ArrayList<>(Collections.nCopies(header.size(), 0));
    row(header);
  }

  public static TextTable of(String... header) {
    return of(List.of(header));
  }

  public static TextTable of(List<String> header) {
    return new TextTable(header);
  }

  /** Sets the left-aligned columns, from 0; the others are right-aligned. */
  public TextTable leftColumns(int... columns) {
    left = IntStream.of(columns).boxed().collect(Collectors.toSet());
    return this;
  }

  /**
   * Sets minimum widths of the first columns on a terminal, so that tables of several runs line up.
   */
  public TextTable leastWidths(int... least) {
    for (int i = 0; i < least.length; i++) {
      widths.set(i, Math.max(widths.get(i), least[i]));
    }
    return this;
  }

  public TextTable row(String... cells) {
    return row(List.of(cells));
  }

  /**
   * @throws IllegalArgumentException if the number of cells differs from that of the columns
   */
  public TextTable row(List<String> cells) {
    if (cells.size() != widths.size()) {
      throw new IllegalArgumentException(cells.size() + " cells for " + widths.size() + " columns");
    }
    rows.add(List.copyOf(cells));
    for (int i = 0; i < cells.size(); i++) {
      widths.set(i, Math.max(widths.get(i), cells.get(i).length()));
    }
    return this;
  }

  /**
   * Returns the lines for a terminal, without trailing blanks. If the table is too wide, the first
   * column is wrapped between words.
   *
   * @param indent prefix of every line
   */
  public List<String> lines(String indent) {
    int others = widths.stream().skip(1).mapToInt(width -> GAP.length() + width).sum();
    int room = TERMINAL_COLUMNS - indent.length() - others;
    List<Integer> fitting = new ArrayList<>(widths);
    if (room >= LEAST_FIRST) {
      fitting.set(0, Math.min(room, widths.get(0)));
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      List<String> first = wrapped(row.get(0), fitting.get(0));
      for (int i = 0; i < first.size(); i++) {
        List<String> cells = new ArrayList<>(row);
        if (i < first.size() - 1) {
          cells.replaceAll(cell -> "");
        }
        cells.set(0, (i == 0 ? "" : CONTINUED) + first.get(i));
        lines.add((indent + line(cells, fitting)).stripTrailing());
      }
    }
    return lines;
  }

  /** Wraps text; lines after the first leave space for the continuation indent. */
  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split(" ", -1)) {
      int room = width - (lines.isEmpty() ? 0 : CONTINUED.length());
      if (!line.isEmpty() && line.length() + 1 + word.length() > room) {
        lines.add(line);
        line = word;
      } else {
        line = line.isEmpty() ? word : line + ' ' + word;
      }
    }
    lines.add(line);
    return lines;
  }

  private String line(List<String> row, List<Integer> columns) {
    return IntStream.range(0, row.size())
        .mapToObj(
            i -> {
              String blanks = " ".repeat(Math.max(0, columns.get(i) - row.get(i).length()));
              return left.contains(i) ? row.get(i) + blanks : blanks + row.get(i);
            })
        .collect(Collectors.joining(GAP));
  }

  /**
   * Returns Markdown lines, without a line feed after the last. A {@code |} in a cell is escaped.
   */
  public String markdown() {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add(
          row.stream()
              .map(cell -> cell.replace("|", "\\|"))
              .collect(Collectors.joining(" | ", "| ", " |")));
    }
    lines.add(
        1,
        IntStream.range(0, widths.size())
            .mapToObj(i -> left.contains(i) ? "---" : "--:")
            .collect(Collectors.joining("|", "|", "|")));
    return String.join("\n", lines);
  }
}
