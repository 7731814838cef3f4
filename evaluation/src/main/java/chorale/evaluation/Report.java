package chorale.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An evaluation as a folder for people: {@code report.md} with its plots. Stateless. */
public final class Report {
  public static final String FILE = "report.md";

  private Report() {}

  /**
   * Writes into a folder, which is made where it is missing; files of the same names are replaced.
   *
   * @param source what the images are, for the reader
   */
  public static void write(Evaluation evaluation, String source, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Charts.Named> plots = Charts.all(evaluation);
    for (Charts.Named plot : plots) {
      Plots.write(plot.drawing(), folder, plot.file());
    }
    Files.writeString(folder.resolve(FILE), ReportText.of(evaluation, source));
  }
}
