package chorale.cli.service;

import chorale.cli.CommonOptions;
import chorale.cli.CommonOptions.Flags;
import chorale.cli.Stop;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every service takes besides {@link CommonOptions}. */
public final class ServiceOptions {
  /** The same as {@code ChildProcess} in {@code chorale.site} has, which boards do not need. */
  public static final String UNTIL_STDIN_CLOSES = "--until-stdin-closes";

  /** How a parent makes its children end with it: it holds the other end of their stdin. */
  @Option(names = UNTIL_STDIN_CLOSES, hidden = true)
  private boolean untilStdinCloses;

  @Option(
      names = "--metrics-port",
      paramLabel = "N",
      description =
          "Serve /metrics, /livez and /readyz on this port; 0 takes a free one. Off unless set.")
  private Optional<String> metricsPort = Optional.empty();

  /** A command's flags with those of every service. */
  Flags with(Flags flags) {
    return flags.set("metrics.port", metricsPort);
  }

  /** What ends this service; call it before anything that takes long. */
  Stop stop() {
    Stop stop = Stop.onSignals();
    if (untilStdinCloses) {
      stop.onEndOf(System.in);
    }
    return stop;
  }
}
