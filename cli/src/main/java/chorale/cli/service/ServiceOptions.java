package chorale.cli.service;

import chorale.cli.CommonOptions;
import chorale.cli.Stop;
import picocli.CommandLine.Option;

/** What every service takes besides {@link CommonOptions}. */
public final class ServiceOptions {
  /** The same as {@code ChildProcess} in {@code chorale.site} has, which boards do not need. */
  public static final String UNTIL_STDIN_CLOSES = "--until-stdin-closes";

  /** How a parent makes its children end with it: it holds the other end of their stdin. */
  @Option(names = UNTIL_STDIN_CLOSES, hidden = true)
  private boolean untilStdinCloses;

  /** What ends this service; call it before anything that takes long. */
  Stop stop() {
    Stop stop = Stop.onSignals();
    if (untilStdinCloses) {
      stop.onEndOf(System.in);
    }
    return stop;
  }
}
