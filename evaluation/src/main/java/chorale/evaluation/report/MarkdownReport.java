package chorale.evaluation.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A builder of a Markdown document with plots. Blocks are separated by a blank line. Not
 * thread-safe.
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

  /** Adds preformatted lines. */
  public MarkdownReport code(String text) {
    return block(text.lines().map(line -> "    " + line).collect(Collectors.joining("\n")));
  }

  public MarkdownReport table(TextTable table) {
    return block(table.markdown());
  }

  /** Adds a list, or nothing if there are no items. */
  public MarkdownReport bullets(List<String> items) {
    return items.isEmpty() ? this : block("- " + String.join("\n- ", items));
  }

  /**
   * Adds a plot, which {@link #write} puts beside the document.
   *
   * @param text alternative text of the image
   */
  public MarkdownReport image(String text, Plot plot) {
    plots.add(plot);
    return block("![" + text + "](" + plot.png() + ")");
  }

  private MarkdownReport block(String text) {
    blocks.add(text);
    return this;
  }

  /** Returns the document without its plots. */
  public String text() {
    return String.join("\n\n", blocks) + "\n";
  }

  /**
   * Writes the document and its plots, replacing existing files.
   *
   * @param folder created if it does not exist
   */
  public void write(Path folder, String file) throws IOException {
    Files.createDirectories(folder);
    for (Plot plot : plots) {
      plot.write(folder);
    }
    Files.writeString(folder.resolve(file), text());
  }
}
