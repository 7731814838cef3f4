package chorale.cli.status;

import chorale.cli.Buses;
import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.ExitCodes;
import chorale.cli.ServiceLoop;
import chorale.cli.Stop;
import chorale.cli.Terminal;
import chorale.config.Settings;
import chorale.dashboard.SiteProblem;
import chorale.dashboard.SiteSnapshot;
import chorale.dashboard.SiteWatch;
import chorale.protocol.Topics;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chorale status}: shows the state of a site once. */
@Command(
    name = "status",
    description =
        "Show the state of the site: aggregators, boards, each camera's last answer and its age,"
            + " and each problem with what to do.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit code 0: no problem. 1: no connection to the broker. 2: a mistake in the call. 3:"
          + " something is missing, but frames are answered. 4: frames are not answered, because"
          + " there is no aggregator or no board."
    })
public final class StatusCommand implements Callable<Integer> {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws Exception {
    try (SiteWatch watch = watch(common.load(), "status")) {
      SiteSnapshot site = complete(watch);
      List<SiteProblem> problems = SiteProblem.of(site);
      Terminal terminal = Terminal.of(spec.commandLine().getOut());
      new StatusText(terminal, System.currentTimeMillis())
          .lines(site, problems)
          .forEach(terminal::line);
      return code(problems);
    }
  }

  /** Opens a watch on the site of these settings; the caller closes it. */
  static SiteWatch watch(Settings settings, String command) throws CommandException {
    String id = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    return new SiteWatch(
        new Topics(settings.site()),
        new SiteWatch.Dependencies(
            Buses.of(settings.connection()),
            System::nanoTime,
            Clock.systemUTC(),
            settings.connection().broker().toString(),
            "chorale-" + command + '-' + id));
  }

  /** Returns the site once all retained messages have arrived, or after 10 s. */
  static SiteSnapshot complete(SiteWatch watch) throws Exception {
    long started = System.nanoTime();
    ServiceLoop.run(
        watch,
        Stop.onSignals(),
        () -> watch.isComplete() || System.nanoTime() - started > PATIENCE_NANOS);
    SiteSnapshot site = watch.snapshot();
    if (!site.link().connected()) {
      String why = site.link().reason().isEmpty() ? "no answer" : site.link().reason();
      throw CommandException.failure("no connection to " + site.link().address() + ": " + why);
    }
    return site;
  }

  private static int code(List<SiteProblem> problems) {
    if (problems.isEmpty()) {
      return ExitCodes.OK;
    }
    return problems.stream().anyMatch(SiteProblem::stops) ? ExitCodes.DOWN : ExitCodes.DEGRADED;
  }
}
