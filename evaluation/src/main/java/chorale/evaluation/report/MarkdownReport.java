package chorale.evaluation.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A Markdown document under construction, with its plots. Blocks are separated by a blank line. One
 * owner.
 */
public final class MarkdownReport {
  private final List<String> blocks = new ArrayList<>();
  private final List<Plot> plots = new ArrayList<>();

  /**
   * @param level 1 for the title
   */
  public MarkdownReport heading(int level, String text) {
    return block("#".repeat(level) + " " + text);
  }

  public MarkdownReport paragraph(String text) {
    return block(text);
  }

  /** Lines to be shown as they are. */
  public MarkdownReport code(String text) {
    return block(text.lines().map(line -> "    " + line).collect(Collectors.joining("\n")));
  }

  public MarkdownReport table(TextTable table) {
    return block(table.markdown());
  }

  /** Nothing where there are no items. */
  public MarkdownReport bullets(List<String> items) {
    return items.isEmpty() ? this : block("- " + String.join("\n- ", items));
  }

  /**
   * A plot, which {@link #write} puts beside the document.
   *
   * @param text instead of the plot, where it cannot be seen
   */
  public MarkdownReport image(String text, Plot plot) {
    plots.add(plot);
    return block("![" + text + "](" + plot.png() + ")");
  }

  private MarkdownReport block(String text) {
    blocks.add(text);
    return this;
  }

  /** The document without its plots. */
  public String text() {
    return String.join("\n\n", blocks) + "\n";
  }

  /**
   * Writes the document and its plots. Files of the same names are replaced.
   *
   * @param folder is created if it does not exist
   */
  public void write(Path folder, String file) throws IOException {
    Files.createDirectories(folder);
    for (Plot plot : plots) {
      plot.write(folder);
    }
    Files.writeString(folder.resolve(file), text());
  }
}
