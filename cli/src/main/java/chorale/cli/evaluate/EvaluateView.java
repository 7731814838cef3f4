package chorale.cli.evaluate;

import chorale.cli.Terminal;
import chorale.evaluation.Inference;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress view of inferences: a bar with the time left, or ten lines without a terminal. Used by
 * the thread that runs the networks.
 */
final class EvaluateView implements Inference.Listener, AutoCloseable {
  private final Terminal terminal;
  private final long total;
  private final Optional<ProgressBar> bar;
  private long answered;

  /**
   * @param total the number of inferences
   */
  EvaluateView(Terminal terminal, long total) {
    this.terminal = terminal;
    this.total = total;
    this.bar =
        terminal.interactive()
            ? Optional.of(
                new ProgressBarBuilder()
                    .setTaskName("inferences")
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .build())
            : Optional.empty();
  }

  @Override
  public void answered() {
    answered++;
    if (bar.isPresent()) {
      bar.get().step();
    } else if (answered * 10 / total != (answered - 1) * 10 / total) {
      terminal.line(answered + " of " + total + " inferences");
    }
  }

  @Override
  public void skipped(String image, String reason) {
    skipped(terminal, image, reason);
  }

  /** Reports an image that is left out. */
  static void skipped(Terminal terminal, String image, String reason) {
    terminal.line(terminal.bad("left out: " + image + ": " + reason));
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
