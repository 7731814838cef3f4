package chorale.cli.camera;

import chorale.cli.Terminal;
import chorale.publisher.Outcome;
import chorale.publisher.PublishListener;
import chorale.publisher.PublishReport;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A terminal view of a publisher's run: one line per image, or a progress bar for a long run, and a
 * summary. Used by the thread that runs the publisher.
 */
final class RunView implements PublishListener, AutoCloseable {
  /** A run with more images than this is long. */
  static final int LONG_RUN = 60;

  private static final int FOLDERS_SHOWN = 5;

  private final Terminal terminal;
  private final ResultText text;
  private final VariantTally variants = new VariantTally();
  private final OptionalInt total;
  private final boolean lines;
  private final Optional<ProgressBar> bar;
  private boolean headed;
  private boolean labeled;
  private long finished;
  private long skipped;

  /**
   * @param total the number of images, if known
   * @param linesAlways whether a long run without a terminal prints one line per image
   */
  RunView(Terminal terminal, OptionalInt total, boolean linesAlways) {
    this.terminal = terminal;
    this.text = new ResultText(terminal, ZoneId.systemDefault());
    this.total = total;
    boolean isLong = total.isPresent() && total.getAsInt() > LONG_RUN;
    this.bar =
        isLong && terminal.interactive() ? Optional.of(bar(total.getAsInt())) : Optional.empty();
    this.lines = bar.isEmpty() && (linesAlways || !isLong);
  }

  private static ProgressBar bar(int total) {
    return new ProgressBarBuilder()
        .setTaskName("images")
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .build();
  }

  @Override
  public void finished(Outcome outcome) {
    finished++;
    variants.add(outcome);
    bar.ifPresent(ProgressBar::step);
    if (lines) {
      labeled |= outcome.label().isPresent();
      if (!headed) {
        headed = true;
        terminal.line(terminal.dim(ResultText.LEGEND));
        terminal.line(text.header(labeled));
      }
      terminal.line(text.outcome(outcome, labeled));
    } else if (bar.isEmpty()) {
      tenth();
    }
  }

  /** Prints the progress of a long run without a terminal, ten times in all. */
  private void tenth() {
    long all = total.orElse(0);
    if (all > 0 && finished * 10 / all != (finished - 1) * 10 / all) {
      terminal.line(finished + " of " + all);
    }
  }

  @Override
  public void skipped(String imageName, String reason) {
    skipped++;
    notice("not published: " + imageName + ": " + reason);
  }

  /** Prints a message at once. */
  void notice(String message) {
    terminal.line(terminal.bad(message));
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }

  /** Returns the traffic that right-sizing saved; empty if every frame was the image itself. */
  private static Optional<String> traffic(PublishReport report) {
    double images = report.traffic().imageBytes();
    double frames = report.traffic().frameBytes();
    if (frames == images) {
      return Optional.empty();
    }
    return Optional.of(
        Terminal.format(
            "right-sized: %.1f KB a frame instead of %.1f KB (%.0f %% less)",
            frames / report.requests() / 1e3,
            images / report.requests() / 1e3,
            100 * (1 - frames / images)));
  }

  /**
   * Prints the files that were not images, and the folders that were not labels.
   *
   * @param otherFolders folders that are not named after a class
   */
  void leftOut(Optional<String> files, Set<String> otherFolders) {
    files.ifPresent(terminal::line);
    if (!otherFolders.isEmpty()) {
      List<String> all = List.copyOf(otherFolders);
      terminal.line(
          "folders that are not classes, so not labels: "
              + ResultText.printable(
                  String.join(", ", all.subList(0, Math.min(FOLDERS_SHOWN, all.size()))))
              + (all.size() > FOLDERS_SHOWN ? ", ..." : ""));
    }
  }

  /** Prints the summary of the run; close the view before. */
  void summary(PublishReport report, Duration elapsed) {
    double seconds = elapsed.toNanos() / 1e9;
    terminal.line("");
    terminal.line(
        terminal.bold(
            Terminal.format(
                    "%d of %d requests got their result in %.1f s (%.1f a second)",
                    report.results(),
                    report.requests(),
                    seconds,
                    seconds > 0 ? report.results() / seconds : 0)
                + (report.requests() == 0 ? ": nothing was published" : "")));
    terminal.line(
        Terminal.format(
            "answered %d, partial %d, unsure %d, no answer %d, without result %d, duplicates %d",
            report.answered(),
            report.partial(),
            report.unsure(),
            report.noAnswer(),
            report.requests() - report.results(),
            report.duplicates()));
    if (skipped > 0) {
      terminal.line("not published: " + skipped + ", listed above");
    }
    traffic(report).ifPresent(terminal::line);
    report
        .accuracy()
        .ifPresent(
            accuracy ->
                terminal.line(
                    Terminal.format(
                        "accuracy %.1f %% (%d of %d labeled images%s)",
                        100 * accuracy,
                        report.correct(),
                        report.labeled(),
                        report.unsure() > 0 ? ", without unsure ones" : "")));
    report
        .latency()
        .ifPresent(
            latency ->
                terminal.line(
                    Terminal.format(
                        "latency mean %.1f ms, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max"
                            + " %.1f ms",
                        latency.mean(),
                        latency.p50(),
                        latency.p90(),
                        latency.p99(),
                        latency.max())));
    variants.lines().forEach(line -> terminal.line("  " + line));
  }
}
