package chorale.cli.evaluate;

import chorale.cli.CommandException;
import chorale.cli.OutputFiles;
import chorale.cli.Terminal;
import chorale.evaluation.report.MarkdownReport;
import chorale.protocol.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options for a command's output files ({@code @Mixin}). */
public final class ReportOptions {
  private static final String FILE = "report.md";

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write report.md and its plots (PNG and SVG) into this folder.")
  private Optional<Path> report = Optional.empty();

  /** Checks the files before the run that produces their content. */
  public void requireWritable() throws CommandException {
    OutputFiles.requireWritable("--json", json);
    if (report.isPresent() && Files.exists(report.get()) && !Files.isDirectory(report.get())) {
      throw CommandException.mistake(
          "--report: '" + report.get() + "' is not a folder; allowed: a new or existing folder");
    }
  }

  /**
   * @param figures returns the figures as JSON
   */
  public void write(Supplier<String> figures, Supplier<MarkdownReport> text, Terminal terminal)
      throws CommandException {
    if (json.isPresent()) {
      OutputFiles.write("--json", json.get(), figures.get());
    }
    if (report.isPresent()) {
      try {
        text.get().write(report.get(), FILE);
      } catch (IOException e) {
        throw CommandException.failure("--report: " + FileFailure.described(e, report.get()));
      }
      terminal.line("report: " + report.get().resolve(FILE));
    }
  }
}
