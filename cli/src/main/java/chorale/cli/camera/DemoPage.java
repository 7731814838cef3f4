package chorale.cli.camera;

import chorale.cli.Terminal;
import chorale.site.ChildProcess;
import chorale.site.LocalBroker;
import chorale.site.SiteException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The dashboard of a demo: a child process, and the browser that shows it. Owned by one thread. */
final class DemoPage implements AutoCloseable {
  private static final int HEAP_MEGABYTES = 96;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 50;

  private final int port;
  private Optional<ChildProcess> process = Optional.empty();

  private DemoPage(int port) {
    this.port = port;
  }

  static DemoPage on(int port) {
    return new DemoPage(port);
  }

  /**
   * @param common arguments of every process of the site
   */
  void start(LocalBroker broker, List<String> common, Path folder) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("dashboard", "--port", String.valueOf(port)));
    arguments.addAll(broker.arguments());
    arguments.addAll(common);
    process =
        Optional.of(
            ChildProcess.start(
                new ChildProcess.Plan("dashboard", HEAP_MEGABYTES, arguments, broker.environment()),
                folder));
  }

  /**
   * Waits until the dashboard accepts connections, and opens it in the browser.
   *
   * @throws SiteException it ended, or was not ready within 30 s; with the last lines of its log
   */
  void show(Terminal terminal, BooleanSupplier stopped) throws SiteException, InterruptedException {
    long started = System.nanoTime();
    while (!listens() && !stopped.getAsBoolean()) {
      ChildProcess own = process.orElseThrow();
      if (!own.isAlive() || System.nanoTime() - started > PATIENCE.toNanos()) {
        throw own.failure(own.isAlive() ? "was not ready within 30 s" : own.ending());
      }
      Thread.sleep(POLL_MILLIS);
    }
    URI address = URI.create("http://127.0.0.1:" + port + '/');
    terminal.line(terminal.bold("dashboard: " + address) + "  (Ctrl-C ends the demo)");
    openBrowser(address);
  }

  private boolean listens() {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Opens the browser if there is a desktop; the terminal shows the address in any case. */
  private static void openBrowser(URI address) {
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    Map<String, String> environment = System.getenv();
    if (!mac
        && !environment.containsKey("DISPLAY")
        && !environment.containsKey("WAYLAND_DISPLAY")) {
      return;
    }
    try {
      new ProcessBuilder(mac ? "open" : "xdg-open", address.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      // No browser command is installed; the terminal shows the address.
    }
  }

  @Override
  public void close() {
    process.ifPresent(each -> each.end(0));
  }
}
