package chorale.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code chorale bench} in the help: the start script of a checkout runs it, from its own build.
 */
@Command(
    name = "bench",
    description = "Measures how fast all of it is, on this machine and on emulated boards.",
    footer = {"", "Needs a checkout: './chorale bench --help' there explains its parts."})
final class BenchCommand implements Callable<Integer> {
  @Unmatched private final List<String> ignored = new ArrayList<>();

  BenchCommand() {}

  @Override
  public Integer call() throws CommandException {
    throw CommandException.mistake(
        "'bench' needs a checkout of Chorale, with its sources: ./chorale bench");
  }
}
