package chorale.cli;

import chorale.config.Durations;
import chorale.config.Settings;
import chorale.config.SettingsException;
import chorale.evaluation.Bounds;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.MeasuredSet;
import chorale.evaluation.Plan;
import chorale.evaluation.PlanJson;
import chorale.evaluation.PlanText;
import chorale.evaluation.PlannedBoard;
import chorale.evaluation.Planner;
import chorale.protocol.Names;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.ServiceEndedException;
import chorale.site.FleetWatch;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale plan}: which board should run which variant. */
@Command(
    name = "plan",
    description = {
      "Chooses which board runs which variant, so that the answer is as accurate as it can be in"
          + " time, and says why and what one lost board would cost."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Boards are named with --board, or are the workers that are online at the",
      "broker, by their own benchmark. For example:",
      "  chorale plan --board pi4=6 --board pi5=2.5 --deadline 50ms"
    })
final class PlanCommand implements Callable<Integer> {
  /** What is retained comes within that time of the subscription. */
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

  private static final String EVALUATION = "evaluation.json";

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--evaluation",
      paramLabel = "FILE",
      description = "What 'chorale evaluate --json' wrote; the model set's own unless set.")
  private Optional<Path> evaluation = Optional.empty();

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory, with its evaluation.json.")
  private Optional<Path> models = Optional.empty();

  @Option(
      names = "--board",
      paramLabel = "NAME=FACTOR",
      description = "A board, and how many times slower it is than the machine that evaluated.")
  private Map<String, Double> factors = new LinkedHashMap<>();

  @Option(
      names = "--memory",
      paramLabel = "NAME=MB",
      description = "What a worker may take on a board, in MB; unbounded unless set.")
  private Map<String, Double> memory = new LinkedHashMap<>();

  @Option(
      names = "--deadline",
      paramLabel = "D",
      defaultValue = "1s",
      description = "The time from frame to reply, like 50ms (${DEFAULT-VALUE}).")
  private String deadline;

  @Option(
      names = "--overhead",
      paramLabel = "D",
      defaultValue = "5ms",
      description = "What of it network and broker take (${DEFAULT-VALUE}).")
  private String overhead;

  @Option(
      names = "--base-memory",
      paramLabel = "MB",
      defaultValue = "190",
      description = "What a worker takes besides its model (${DEFAULT-VALUE}).")
  private double baseMemory;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the plan as JSON.")
  private Optional<Path> json = Optional.empty();

  @Override
  public Integer call() throws Exception {
    if (json.isPresent()) {
      OutputFiles.requireWritable("--json", json.get());
    }
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    try {
      MeasuredSet set = MeasuredSet.read(file());
      Bounds bounds = bounds();
      Plan plan = Planner.plan(set, boards(set), bounds);
      PlanText.lines(plan).forEach(terminal::line);
      if (json.isPresent()) {
        OutputFiles.write("--json", json.get(), PlanJson.write(plan));
      }
      return ExitCodes.OK;
    } catch (EvaluationException e) {
      throw CommandException.mistake(e.getMessage());
    }
  }

  private Path file() {
    return evaluation.orElseGet(() -> models.orElseGet(Home::models).resolve(EVALUATION));
  }

  private Bounds bounds() throws CommandException {
    double deadlineMillis = millis("--deadline", deadline);
    double overheadMillis = millis("--overhead", overhead);
    if (deadlineMillis <= 0 || baseMemory < 0) {
      throw CommandException.mistake(
          deadlineMillis <= 0
              ? "--deadline: '" + deadline + "'; allowed: more than 0ms"
              : "--base-memory: '" + baseMemory + "'; allowed: 0 or more");
    }
    return new Bounds(deadlineMillis, overheadMillis, baseMemory);
  }

  private static double millis(String option, String text) throws CommandException {
    return Durations.parse(text)
            .orElseThrow(
                () ->
                    CommandException.mistake(
                        option + ": '" + text + "'; allowed: " + Durations.ALLOWED))
            .toNanos()
        / 1e6;
  }

  private List<PlannedBoard> boards(MeasuredSet set)
      throws CommandException, EvaluationException, SettingsException, InterruptedException {
    Map<String, Double> found = new LinkedHashMap<>();
    if (factors.isEmpty() || common.broker().isPresent()) {
      List<WorkerInfo> workers = workers(common.load());
      EmulatedBoards.note(workers).ifPresent(Terminal.of(spec.commandLine().getOut())::line);
      for (WorkerInfo info : workers) {
        found.put(info.author().worker(), factor(set, info));
      }
    }
    found.putAll(factors);
    for (String name : memory.keySet()) {
      if (!found.containsKey(name)) {
        throw CommandException.mistake(
            "--memory: no board '"
                + name
                + "' (boards: "
                + String.join(", ", found.keySet())
                + ")");
      }
    }
    List<PlannedBoard> boards = new ArrayList<>();
    for (Map.Entry<String, Double> each : found.entrySet()) {
      boards.add(board(each.getKey(), each.getValue()));
    }
    return boards;
  }

  private PlannedBoard board(String name, double factor) throws CommandException {
    if (!Names.isValid(name)) {
      throw CommandException.mistake("--board: '" + name + "'; allowed: " + Names.ALLOWED);
    }
    Double megabytes = memory.get(name);
    try {
      return new PlannedBoard(
          name, factor, megabytes == null ? OptionalDouble.empty() : OptionalDouble.of(megabytes));
    } catch (IllegalArgumentException e) {
      throw CommandException.mistake(e.getMessage());
    }
  }

  private static double factor(MeasuredSet set, WorkerInfo info) throws CommandException {
    String worker = info.author().worker();
    if (!info.modelSet().equals(set.set())) {
      throw CommandException.mistake(
          "worker '"
              + worker
              + "' runs the model set "
              + info.modelSet()
              + ", the evaluation is of "
              + set.set()
              + " (--evaluation or --models chooses another)");
    }
    try {
      return set.factor(info.author().variant(), info.selfBenchmarkMillis());
    } catch (EvaluationException e) {
      throw CommandException.mistake("worker '" + worker + "': " + e.getMessage());
    }
  }

  private static List<WorkerInfo> workers(Settings settings)
      throws CommandException, InterruptedException {
    String client = "chorale-plan-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    String broker = settings.connection().broker().toString();
    long patience =
        settings.connection().timing().connectTimeout().toNanos() + TimeUnit.SECONDS.toNanos(1);
    long started = System.nanoTime();
    try (FleetWatch fleet =
        new FleetWatch(new Topics(settings.site()), Buses.of(settings.connection()), client)) {
      while (!fleet.isSubscribed()) {
        fleet.inbox().await(fleet.runOnce());
        if (!fleet.isSubscribed() && System.nanoTime() - started > patience) {
          throw CommandException.failure(
              broker
                  + " cannot be asked for its workers: "
                  + fleet.trouble().orElse("no answer")
                  + " (--board NAME=FACTOR names boards without a broker)");
        }
      }
      long subscribed = System.nanoTime();
      while (System.nanoTime() - subscribed < QUIET_NANOS) {
        fleet.inbox().await(fleet.runOnce());
      }
      fleet.runOnce();
      List<WorkerInfo> online = fleet.workers();
      if (online.isEmpty()) {
        throw CommandException.failure(
            "no worker of site '"
                + settings.site()
                + "' is online at "
                + broker
                + " (--board NAME=FACTOR names boards without a broker)");
      }
      return online;
    } catch (ServiceEndedException e) {
      throw CommandException.failure(broker + ": " + e.getMessage());
    }
  }
}
