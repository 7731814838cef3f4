package chorale.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code chorale bench} as an entry in the help. The start script of a checkout runs the real
 * command, from module bench.
 */
@Command(
    name = "bench",
    description = "Measure how fast Chorale is, on this machine and on emulated boards.",
    footer = {"", "Needs a checkout of the sources; docs/performance.md lists the parts."})
final class BenchCommand implements Callable<Integer> {
  @Unmatched private final List<String> ignored = new ArrayList<>();

  BenchCommand() {}

  @Override
  public Integer call() throws CommandException {
    throw CommandException.mistake(
        "'bench' needs a checkout of Chorale, with its sources: ./chorale bench");
  }
}
