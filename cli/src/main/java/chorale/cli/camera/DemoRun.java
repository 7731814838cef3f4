package chorale.cli.camera;

import chorale.cli.Buses;
import chorale.cli.EmulatedBoards;
import chorale.cli.ExitCodes;
import chorale.cli.ServiceLoop;
import chorale.cli.Stop;
import chorale.cli.Terminal;
import chorale.config.Settings;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusFactory;
import chorale.publisher.ImageSource;
import chorale.publisher.PublishReport;
import chorale.publisher.Publisher;
import chorale.site.Board;
import chorale.site.LocalBroker;
import chorale.site.LocalSite;
import chorale.site.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One run of the demo: starts the site, publishes the images and shows the results.
 *
 * @param port the port of the broker to start; empty to use a running one
 */
record DemoRun(
    LocalSite.Plan plan,
    Settings settings,
    Optional<Integer> port,
    ImageSource source,
    Terminal terminal,
    Stop stop) {

  /** Returns the exit code; keeps the logs of the processes unless all went well. */
  int run(PublishOptions options, Optional<DemoPage> page) throws Exception {
    BusFactory buses = Buses.of(settings.connection());
    try (TemporaryFolder folder = TemporaryFolder.create("chorale-demo-")) {
      boolean clean = false;
      try (LocalBroker broker = broker(folder.path());
          LocalSite site = LocalSite.start(plan, broker, buses, folder.path())) {
        int code = run(options, page, broker, site, folder.path());
        clean = (code == ExitCodes.OK || stop.isRequested()) && !site.hasReportedExits();
        return code;
      } finally {
        if (!clean) {
          folder.keep();
          terminal.line("logs of the processes: " + folder.path());
        }
      }
    }
  }

  private int run(
      PublishOptions options,
      Optional<DemoPage> page,
      LocalBroker broker,
      LocalSite site,
      Path folder)
      throws Exception {
    if (!awaitReady(site)) {
      return ExitCodes.FAILURE;
    }
    if (page.isEmpty()) {
      return publish(site, options);
    }
    try (DemoPage shown = page.get()) {
      shown.start(broker, plan.arguments().common(), folder);
      shown.show(terminal, stop::isRequested);
      int code = publish(site, options);
      return stop.isRequested() ? ExitCodes.OK : code;
    }
  }

  private LocalBroker broker(Path folder) throws IOException {
    return port.isPresent()
        ? LocalBroker.embedded(port.get(), plan.arguments().common(), folder)
        : LocalBroker.running(settings.connection());
  }

  /** Returns whether the site is ready; false if the user has stopped the wait. */
  private boolean awaitReady(LocalSite site) throws Exception {
    terminal.line(
        (port.isPresent() ? "starts a broker at " : "uses the broker at ")
            + settings.connection().broker());
    terminal.line(
        (port.isPresent() ? "" : "starts ")
            + "an aggregator and workers: "
            + plan.boards().stream().map(Board::name).collect(Collectors.joining(" ")));
    long started = System.nanoTime();
    List<WorkerInfo> workers;
    try (StartView view = new StartView(terminal, started)) {
      workers = site.awaitReady(stop::isRequested, view);
    }
    if (stop.isRequested()) {
      terminal.line("stopped before all were ready");
      return false;
    }
    terminal.line(Terminal.format("all ready after %.1f s", (System.nanoTime() - started) / 1e9));
    EmulatedBoards.note(workers).ifPresent(terminal::line);
    terminal.line("");
    return true;
  }

  private int publish(LocalSite site, PublishOptions options) throws Exception {
    long started = System.nanoTime();
    RunView view = new RunView(terminal, source.total(), false);
    PublishReport report;
    Set<String> otherFolders;
    boolean finished;
    try (view;
        Publisher publisher =
            new Publisher(
                settings.publisher(), PublishCommand.dependencies(settings), source, view)) {
      site.onAnyExit(publisher.inbox()::wake);
      ServiceLoop.run(
          publisher,
          stop,
          () -> {
            if (!stop.isRequested()) {
              site.reportExits(view::notice);
            }
            return publisher.isFinished() || !site.isUp();
          });
      report = publisher.report();
      otherFolders = publisher.otherFolders();
      finished = publisher.isFinished();
    }
    view.summary(report, Duration.ofNanos(System.nanoTime() - started));
    view.leftOut(source.leftOut(), otherFolders);
    options.write(report);
    if (!finished && !stop.isRequested()) {
      site.requireUp();
    }
    return finished && report.requests() > 0 && report.isComplete()
        ? ExitCodes.OK
        : ExitCodes.FAILURE;
  }
}
