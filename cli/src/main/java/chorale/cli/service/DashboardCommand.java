package chorale.cli.service;

import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.CommonOptions.Flags;
import chorale.cli.ConnectionReporter;
import chorale.cli.ExitCodes;
import chorale.cli.ServiceLoop;
import chorale.cli.Stop;
import chorale.config.DashboardSettings;
import chorale.config.Settings;
import chorale.dashboard.Dashboard;
import chorale.dashboard.web.WebServer;
import chorale.monitoring.http.MetricsAccess;
import chorale.protocol.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale dashboard}: serves the dashboard until a stop is requested. */
@Command(
    name = "dashboard",
    description =
        "Serve a web page that shows the site: each camera's last result with its votes, boards and"
            + " aggregators, plots of the last hour, and a form to try an image. The first line"
            + " of output contains the page's address.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Access from other machines needs users and TLS: docs/dashboard.md.",
      "Ctrl-C ends it. All settings: 'chorale config', section dashboard."
    })
public final class DashboardCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private ServiceOptions service;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port of the page; 0 takes a free one. Default: 8080.")
  private Optional<String> port = Optional.empty();

  @Override
  public Integer call() throws Exception {
    Stop stop = service.stop();
    Settings settings = common.load(new Flags().set("dashboard.port", port));
    DashboardSettings own = settings.dashboard();
    PrintWriter out = spec.commandLine().getOut();
    ConnectionReporter reporter = ConnectionReporter.of(settings, "dashboard", out);
    SecureRandom random = new SecureRandom();
    Dashboard.Dependencies dependencies =
        new Dashboard.Dependencies(
            reporter,
            System::nanoTime,
            Clock.systemUTC(),
            pictures(),
            random,
            settings.connection().broker().toString());
    try (Dashboard dashboard = new Dashboard(own, new Topics(settings.site()), dependencies);
        WebServer web =
            start(
                own,
                settings.site(),
                dashboard,
                new WebServer.Dependencies(
                    Monitoring.threads(),
                    streams(),
                    System::nanoTime,
                    random,
                    new MetricsAccess(settings.metrics().token())))) {
      out.println("dashboard is ready: " + web.address());
      out.flush();
      reporter.starting(
          "site " + settings.site() + (own.usersFile().isPresent() ? ", with login" : ""));
      ServiceLoop.run(dashboard, stop, reporter::look);
    }
    return ExitCodes.OK;
  }

  private static WebServer start(
      DashboardSettings own, String site, Dashboard dashboard, WebServer.Dependencies given)
      throws CommandException {
    try {
      return WebServer.start(own, site, dashboard, given);
    } catch (IllegalArgumentException e) {
      throw CommandException.mistake(e.getMessage());
    } catch (IOException e) {
      throw CommandException.failure(e.getMessage() + " (--port)");
    }
  }

  /** Returns an executor of one thread, which ends when idle; tasks wait in a queue. */
  private static ThreadPoolExecutor pictures() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("pictures"));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Returns an executor with a thread for each open page; rejects tasks beyond the maximum. */
  private static ThreadPoolExecutor streams() {
    return new ThreadPoolExecutor(
        0, Dashboard.MAX_TABS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("pages"));
  }

  private static ThreadFactory daemons(String name) {
    return task -> Monitoring.daemon(task, name);
  }
}
