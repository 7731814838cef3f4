package chorale.cli.service;

import chorale.cli.CommonOptions;
import chorale.cli.Stop;
import picocli.CommandLine.Option;

/** The options of every service besides {@link CommonOptions} ({@code @Mixin}). */
public final class ServiceOptions {
  /**
   * The same value as in {@code ChildProcess} of {@code chorale.site}, which workers do not
   * include.
   */
  public static final String UNTIL_STDIN_CLOSES = "--until-stdin-closes";

  /** Ends the service when its standard input closes: the parent process holds the other end. */
  @Option(names = UNTIL_STDIN_CLOSES, hidden = true)
  private boolean untilStdinCloses;

  /** Returns the stop of this service; call it before any long work. */
  Stop stop() {
    Stop stop = Stop.onSignals();
    if (untilStdinCloses) {
      stop.onEndOf(System.in);
    }
    return stop;
  }
}
