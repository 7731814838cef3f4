package chorale.cli.evaluate;

import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.ExitCodes;
import chorale.cli.Home;
import chorale.cli.OutputFiles;
import chorale.cli.Terminal;
import chorale.cli.TierPlans;
import chorale.config.Durations;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.plan.Bounds;
import chorale.evaluation.plan.MeasuredSet;
import chorale.evaluation.plan.MeasuredTiers;
import chorale.evaluation.plan.Plan;
import chorale.evaluation.plan.PlanJson;
import chorale.evaluation.plan.PlanText;
import chorale.evaluation.plan.PlannedBoard;
import chorale.evaluation.plan.Planner;
import chorale.evaluation.plan.TierPlanText;
import chorale.evaluation.plan.TierPlanner;
import chorale.evaluation.plan.TieredFleet;
import chorale.protocol.TierPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale plan}: assigns variants to boards. */
@Command(
    name = "plan",
    description = {
      "Choose which board runs which variant, for the best accuracy within the deadline. Explain"
          + " the choice, and show what the loss of a board costs."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Without --board, the boards are the workers that are online, with the speed that they"
          + " measured.",
      "Example: chorale plan --board pi4=6 --board pi5=2.5 --deadline 50ms"
    })
public final class PlanCommand implements Callable<Integer> {
  private static final String EVALUATION = "evaluation.json";

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private BoardOptions boards;

  @Option(
      names = "--evaluation",
      paramLabel = "FILE",
      description =
          "A file from 'chorale evaluate --json'. Default: evaluation.json of the model set.")
  private Optional<Path> evaluation = Optional.empty();

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description =
          "The model set's directory, with evaluation.json. Default: the one that comes with"
              + " Chorale.")
  private Optional<Path> models = Optional.empty();

  @Option(
      names = "--deadline",
      paramLabel = "D",
      defaultValue = "1s",
      description = "The time from frame to reply, such as 50ms. Default: ${DEFAULT-VALUE}.")
  private String deadline;

  @Option(
      names = "--overhead",
      paramLabel = "D",
      defaultValue = "5ms",
      description = "The part of the deadline for network and broker. Default: ${DEFAULT-VALUE}.")
  private String overhead;

  @Option(
      names = "--base-memory",
      paramLabel = "MB",
      defaultValue = "190",
      description = "The memory of a worker without its model. Default: ${DEFAULT-VALUE}.")
  private double baseMemory;

  @Option(
      names = "--tiers",
      paramLabel = "PLAN",
      arity = "0..1",
      fallbackValue = "",
      description = {
        "Plan tiers, such as V2/V1,V3/reference, that 'chorale evaluate --tiers --json' has"
            + " measured. Without PLAN, compare all measured ones that the boards can run."
      })
  private Optional<String> tiers = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the plan as JSON.")
  private Optional<Path> json = Optional.empty();

  @Override
  public Integer call() throws Exception {
    OutputFiles.requireWritable("--json", json);
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    try {
      MeasuredSet set = MeasuredSet.read(file());
      Bounds bounds = bounds();
      List<PlannedBoard> fleet = boards.of(set, common, terminal::line);
      if (tiers.isPresent()) {
        planTiers(fleet, bounds, terminal);
        return ExitCodes.OK;
      }
      Plan plan = Planner.plan(set, fleet, bounds);
      PlanText.lines(plan).forEach(terminal::line);
      if (json.isPresent()) {
        OutputFiles.write("--json", json.get(), PlanJson.write(plan));
      }
      return ExitCodes.OK;
    } catch (EvaluationException e) {
      throw CommandException.mistake(e.getMessage());
    }
  }

  private void planTiers(List<PlannedBoard> fleet, Bounds bounds, Terminal terminal)
      throws CommandException, EvaluationException {
    Optional<TierPlan> wanted =
        tiers.get().isEmpty()
            ? Optional.empty()
            : Optional.of(TierPlans.parse("--tiers", tiers.get()));
    List<TieredFleet> possible = new ArrayList<>();
    Optional<EvaluationException> refusal = Optional.empty();
    for (MeasuredTiers each : MeasuredTiers.read(file(), wanted)) {
      try {
        possible.add(TierPlanner.plan(each, fleet, bounds));
      } catch (EvaluationException e) {
        refusal = Optional.of(e);
      }
    }
    if (possible.isEmpty()) {
      throw refusal.orElseThrow();
    }
    possible.sort(
        Comparator.comparingDouble((TieredFleet each) -> -each.tiers().accuracy())
            .thenComparingDouble(TieredFleet::meanMillis));
    TieredFleet best = possible.get(0);
    TierPlanText.lines(best).forEach(terminal::line);
    possible.stream().skip(1).forEach(each -> terminal.line("Instead: " + TierPlanText.line(each)));
    if (json.isPresent()) {
      OutputFiles.write("--json", json.get(), TierPlanText.json(best));
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
            .orElseThrow(() -> CommandException.refused(option, text, Durations.ALLOWED))
            .toNanos()
        / 1e6;
  }
}
