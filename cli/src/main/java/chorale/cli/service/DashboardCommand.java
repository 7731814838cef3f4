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

/** {@code chorale dashboard}: the page that shows a site, until it is told to end. */
@Command(
    name = "dashboard",
    description =
        "Serves a page that shows the site in a browser: each camera's last answer and the votes"
            + " behind it, boards and aggregators, plots of the last hour, and a place to try a"
            + " picture. The first line of output is its address.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "To serve other machines it needs users and TLS: docs/dashboard.md.",
      "Ends on Ctrl-C. Everything else it takes: 'chorale config', section dashboard."
    })
public final class DashboardCommand implements Callable<Integer> {
  private static final int REQUEST_THREADS = 16;

  /** Connections and idle ones that the JDK's server holds; a request must arrive in so many s. */
  private static final String[][] SERVER_LIMITS = {
    {"jdk.httpserver.maxConnections", "256"},
    {"sun.net.httpserver.maxReqTime", "20"},
    {"sun.net.httpserver.nodelay", "true"}
  };

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private ServiceOptions service;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port of the page; 0 takes a free one. 8080 unless set.")
  private Optional<String> port = Optional.empty();

  @Override
  public Integer call() throws Exception {
    Stop stop = service.stop();
    Settings settings = common.load(new Flags().set("dashboard.port", port));
    DashboardSettings own = settings.dashboard();
    for (String[] limit : SERVER_LIMITS) {
      System.setProperty(limit[0], limit[1]);
    }
    PrintWriter out = spec.commandLine().getOut();
    ConnectionReporter reporter = ConnectionReporter.of(settings, "dashboard", out);
    SecureRandom random = new SecureRandom();
    Dashboard.Dependencies dependencies =
        new Dashboard.Dependencies(
            reporter,
            System::nanoTime,
            Clock.systemUTC(),
            threads("pictures", 1),
            random,
            settings.connection().broker().toString());
    try (Dashboard dashboard = new Dashboard(own, new Topics(settings.site()), dependencies);
        WebServer web =
            start(
                own,
                settings.site(),
                dashboard,
                new WebServer.Dependencies(
                    threads("requests", REQUEST_THREADS), streams(), System::nanoTime, random))) {
      out.println("dashboard is ready: " + web.address());
      out.flush();
      reporter.starting(
          "site " + settings.site() + (own.usersFile().isPresent() ? ", with login" : ""));
      ServiceLoop.run(dashboard, stop, reporter);
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
      throw CommandException.failure(
          "dashboard.port: cannot listen on %s:%d (%s); allowed: a free port, 0 for any (--port)"
              .formatted(own.bind(), own.port(), e.getMessage()));
    }
  }

  /** So many threads, which end when nothing is to do; what finds none waits. */
  private static ThreadPoolExecutor threads(String name, int count) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count, count, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** A thread for each open page; what finds none is refused. */
  private static ThreadPoolExecutor streams() {
    return new ThreadPoolExecutor(
        0, Dashboard.MAX_TABS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("pages"));
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
