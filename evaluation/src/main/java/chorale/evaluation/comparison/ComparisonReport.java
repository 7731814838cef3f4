package chorale.evaluation.comparison;

import chorale.evaluation.Plots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A comparison as a folder for people: {@code report.md} with its plots. Stateless. */
public final class ComparisonReport {
  public static final String FILE = "report.md";

  private ComparisonReport() {}

  /** Writes into a folder, creating it if it is missing; files of the same names are replaced. */
  public static void write(Comparison comparison, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, Plots.Drawing> each : ComparisonCharts.all(comparison).entrySet()) {
      Plots.write(each.getValue(), folder, each.getKey());
    }
    Files.writeString(folder.resolve(FILE), new ComparisonText(comparison).report());
  }
}
