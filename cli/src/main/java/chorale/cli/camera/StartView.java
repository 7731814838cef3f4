package chorale.cli.camera;

import chorale.cli.Terminal;
import java.util.List;
import java.util.function.Consumer;

/**
 * A terminal view of a site's start: the services that are not ready yet, and the time so far. On a
 * terminal one line that is redrawn, elsewhere a line for each change. Used by the thread that
 * waits.
 */
final class StartView implements Consumer<List<String>>, AutoCloseable {
  private static final int WIDTH = 79;

  private final Terminal terminal;
  private final long startedNanos;
  private List<String> last = List.of();

  StartView(Terminal terminal, long startedNanos) {
    this.terminal = terminal;
    this.startedNanos = startedNanos;
  }

  @Override
  public void accept(List<String> missing) {
    long seconds = (System.nanoTime() - startedNanos) / 1_000_000_000L;
    String text = "waiting for " + String.join(" ", missing);
    if (terminal.interactive()) {
      draw(seconds + " s, " + text);
    } else if (!missing.equals(last)) {
      terminal.line(text);
    }
    last = missing;
  }

  private void draw(String text) {
    String cut = text.length() > WIDTH ? text.substring(0, WIDTH - 2) + ".." : text;
    terminal.out().print('\r' + cut + " ".repeat(WIDTH - cut.length()) + '\r');
    terminal.out().flush();
  }

  @Override
  public void close() {
    if (terminal.interactive()) {
      draw("");
    }
  }
}
