package chorale.cli.evaluate;

import chorale.cli.CommandException;
import chorale.cli.TierPlans;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Outputs;
import chorale.evaluation.tiers.SetFile;
import chorale.evaluation.tiers.TierEvaluation;
import chorale.evaluation.tiers.Tiers;
import chorale.protocol.Escalation;
import chorale.protocol.FileFailure;
import chorale.protocol.TierPlan;
import chorale.variants.ModelSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The tier plans to evaluate ({@code @Mixin}). */
final class TierOptions {
  private static final String OF_THE_SET = "set";

  @Option(
      names = "--tiers",
      paramLabel = "PLAN",
      arity = "0..*",
      fallbackValue = OF_THE_SET,
      description = {
        "Evaluate tiers too, such as V2/V1,V3/reference: a later tier is asked only about images on"
            + " which the tiers before it are unsure. Without PLAN, evaluate the set's plans."
      })
  private List<String> plans = List.of();

  @Option(
      names = "--fit-tiers",
      description = {
        "Choose the thresholds of these plans on the images of --data, and write them to the set's"
            + " set.json. Use validation images."
      })
  private boolean fit;

  /** Checks the plans before the run. */
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
          "--tiers: the set %s has no plans; give one, such as V2/V1,V3/reference"
              .formatted(set.name()));
    }
    for (TierPlan plan : wanted) {
      TierPlans.require("--tiers", plan.label(), set, !fit);
    }
  }

  private List<TierPlan> wanted(ModelSet set) throws CommandException {
    List<TierPlan> wanted = new ArrayList<>();
    for (String plan : plans) {
      if (plan.equals(OF_THE_SET)) {
        set.escalations().forEach(each -> wanted.add(each.plan()));
      } else {
        wanted.add(TierPlans.parse("--tiers", plan));
      }
    }
    return wanted;
  }

  /** Evaluates the plans; returns none without {@code --tiers}. */
  List<TierEvaluation> judge(ModelSet set, Outputs outputs)
      throws EvaluationException, CommandException {
    if (plans.isEmpty()) {
      return List.of();
    }
    List<Escalation> escalations = new ArrayList<>();
    for (TierPlan plan : wanted(set)) {
      escalations.add(
          fit ? Tiers.fit(outputs, plan) : TierPlans.escalation(set, plan).orElseThrow());
    }
    if (fit) {
      try {
        SetFile.write(set.directory(), escalations);
      } catch (IOException e) {
        throw CommandException.failure("--fit-tiers: " + FileFailure.described(e, set.directory()));
      }
    }
    List<TierEvaluation> judged = new ArrayList<>();
    for (Escalation each : escalations) {
      judged.add(Tiers.evaluate(outputs, each));
    }
    return judged;
  }
}
