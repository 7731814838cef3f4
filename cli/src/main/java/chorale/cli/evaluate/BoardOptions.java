package chorale.cli.evaluate;

import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.EmulatedBoards;
import chorale.config.SettingsException;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.plan.MeasuredSet;
import chorale.evaluation.plan.PlannedBoard;
import chorale.protocol.Names;
import chorale.protocol.WorkerInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The boards of a plan ({@code @Mixin}). */
final class BoardOptions {
  @Option(
      names = "--board",
      paramLabel = "NAME=FACTOR",
      description =
          "A board, and how many times slower it is than the machine that ran 'evaluate'.")
  private List<String> factors = List.of();

  @Option(
      names = "--memory",
      paramLabel = "NAME=MB",
      description = "The memory for a worker on this board, in MB. Default: unlimited.")
  private List<String> memories = List.of();

  /** Returns the named boards, and the site's workers if no board is named or a broker is given. */
  List<PlannedBoard> of(MeasuredSet set, CommonOptions common, Consumer<String> notes)
      throws CommandException, EvaluationException, SettingsException, InterruptedException {
    Map<String, Double> found = new LinkedHashMap<>();
    if (factors.isEmpty() || common.broker().isPresent()) {
      List<WorkerInfo> workers = OnlineWorkers.of(common.load());
      EmulatedBoards.note(workers).ifPresent(notes);
      for (WorkerInfo worker : workers) {
        found.put(worker.author().worker(), set.factor(worker));
      }
    }
    found.putAll(byName("--board", "FACTOR", factors));
    Map<String, Double> memory = byName("--memory", "MB", memories);
    for (String name : memory.keySet()) {
      if (!found.containsKey(name)) {
        throw CommandException.mistake(
            "--memory: no board '%s' (boards: %s)"
                .formatted(name, String.join(", ", found.keySet())));
      }
    }
    List<PlannedBoard> boards = new ArrayList<>();
    for (Map.Entry<String, Double> each : found.entrySet()) {
      boards.add(board(each.getKey(), each.getValue(), memory));
    }
    return boards;
  }

  private static Map<String, Double> byName(String option, String value, List<String> given)
      throws CommandException {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String each : given) {
      int at = each.indexOf('=');
      if (at < 1 || !each.substring(at + 1).matches("\\d+(\\.\\d+)?")) {
        throw CommandException.refused(option, each, "NAME=" + value + ", a number");
      }
      if (values.put(each.substring(0, at), Double.valueOf(each.substring(at + 1))) != null) {
        throw CommandException.mistake(
            option + ": '" + each.substring(0, at) + "' twice; allowed: each board once");
      }
    }
    return values;
  }

  private static PlannedBoard board(String name, double factor, Map<String, Double> memory)
      throws CommandException {
    if (!Names.isValid(name)) {
      throw CommandException.refused("--board", name, Names.ALLOWED);
    }
    Double megabytes = memory.get(name);
    try {
      return new PlannedBoard(
          name, factor, megabytes == null ? OptionalDouble.empty() : OptionalDouble.of(megabytes));
    } catch (IllegalArgumentException e) {
      throw CommandException.mistake(e.getMessage());
    }
  }
}
