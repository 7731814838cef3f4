package chorale.bench;

import chorale.evaluation.Plots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** All findings as a folder for people: {@code bench.md} with its plots. Stateless. */
final class BenchReport {
  private BenchReport() {}

  static void write(Map<String, String> about, Map<BenchPart, Findings> all, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    StringBuilder text = new StringBuilder("# Benchmark\n\n");
    about.forEach((what, value) -> text.append(what + ": " + value + "  \n"));
    for (Map.Entry<BenchPart, Findings> each : all.entrySet()) {
      BenchPart part = each.getKey();
      text.append("\n## ").append(part.name()).append("\n\n").append(part.about()).append(".\n\n");
      text.append("    ./chorale bench ").append(part.name()).append("\n\n");
      text.append(Table.markdown(each.getValue().figures()));
      for (String note : each.getValue().notes()) {
        text.append("\n- ").append(note);
      }
      text.append('\n');
      for (Findings.Plot plot : each.getValue().plots()) {
        Plots.write(plot.drawing(), folder, plot.file());
        text.append("\n![" + plot.title() + "](" + plot.file() + ".png)\n");
      }
    }
    Files.writeString(folder.resolve("bench.md"), text);
  }
}
