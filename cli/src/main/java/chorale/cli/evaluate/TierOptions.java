package chorale.cli.evaluate;

import chorale.cli.CommandException;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Outputs;
import chorale.evaluation.tiers.SetFile;
import chorale.evaluation.tiers.TierEvaluation;
import chorale.evaluation.tiers.Tiers;
import chorale.protocol.Escalation;
import chorale.protocol.TierPlan;
import chorale.variants.ModelSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which plans of tiers are judged ({@code @Mixin}). */
final class TierOptions {
  private static final String OF_THE_SET = "set";

  @Option(
      names = "--tiers",
      paramLabel = "PLAN",
      arity = "0..*",
      fallbackValue = OF_THE_SET,
      description = {
        "Judge plans of tiers too, like V2/V1,V3/reference: a tier is asked only where those before"
            + " it are unsure. Without a PLAN, those of the set."
      })
  private List<String> plans = List.of();

  @Option(
      names = "--fit-tiers",
      description = {
        "Choose the thresholds of these plans on the images of --data, which should be validation"
            + " images, and write them into the set's set.json."
      })
  private boolean fit;

  /** Finds mistakes that would otherwise show after the run. */
  void requireKnown(ModelSet set) throws CommandException {
    if (plans.isEmpty()) {
      if (fit) {
        throw CommandException.mistake("--fit-tiers: needs --tiers PLAN");
      }
      return;
    }
    List<TierPlan> wanted = wanted(set);
    if (wanted.isEmpty()) {
      throw CommandException.mistake(
          "--tiers: the set %s has no plans; name one, like V2/V1,V3/reference"
              .formatted(set.name()));
    }
    for (TierPlan plan : wanted) {
      List<String> unknown = new ArrayList<>(plan.variants());
      set.variants().forEach(each -> unknown.remove(each.id()));
      set.referenceManifest().ifPresent(each -> unknown.remove(each.id()));
      if (!unknown.isEmpty()) {
        throw CommandException.mistake(
            "--tiers: '%s': no network %s in the set %s"
                .formatted(plan.label(), String.join(", ", unknown), set.name()));
      }
      if (!fit && escalation(set, plan).isEmpty()) {
        throw CommandException.mistake(
            "--tiers: the set %s has no thresholds for '%s' (it has: %s); --fit-tiers chooses them"
                .formatted(set.name(), plan.label(), known(set)));
      }
    }
  }

  private static String known(ModelSet set) {
    return set.escalations().isEmpty()
        ? "none"
        : set.escalations().stream()
            .map(each -> each.plan().label())
            .collect(Collectors.joining(" "));
  }

  private List<TierPlan> wanted(ModelSet set) throws CommandException {
    List<TierPlan> wanted = new ArrayList<>();
    for (String plan : plans) {
      try {
        if (plan.equals(OF_THE_SET)) {
          set.escalations().forEach(each -> wanted.add(each.plan()));
        } else {
          wanted.add(TierPlan.parse(plan));
        }
      } catch (IllegalArgumentException e) {
        throw CommandException.mistake("--tiers: " + e.getMessage());
      }
    }
    return wanted;
  }

  private static Optional<Escalation> escalation(ModelSet set, TierPlan plan) {
    return set.escalations().stream().filter(each -> each.plan().equals(plan)).findFirst();
  }

  /** Empty without {@code --tiers}. */
  List<TierEvaluation> judge(ModelSet set, Outputs outputs)
      throws EvaluationException, CommandException {
    if (plans.isEmpty()) {
      return List.of();
    }
    List<Escalation> escalations = new ArrayList<>();
    for (TierPlan plan : wanted(set)) {
      escalations.add(fit ? Tiers.fit(outputs, plan) : escalation(set, plan).orElseThrow());
    }
    if (fit) {
      try {
        SetFile.write(set.directory(), escalations);
      } catch (IOException e) {
        throw CommandException.failure("--fit-tiers: " + set.directory() + ": " + e.getMessage());
      }
    }
    List<TierEvaluation> judged = new ArrayList<>();
    for (Escalation each : escalations) {
      judged.add(Tiers.evaluate(outputs, each));
    }
    return judged;
  }
}
