package chorale.evaluation.tiers;

import chorale.evaluation.EvaluationException;
import chorale.evaluation.Outputs;
import chorale.evaluation.ReferenceCost;
import chorale.protocol.Escalation;
import chorale.protocol.TierPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;

/** An evaluator of plans of tiers; it also chooses their thresholds. Stateless. */
public final class Tiers {
  /** Number of values tried for each threshold, by the number of thresholds. */
  private static final int[] TRIED = {0, 400, 60, 16};

  private static final int CURVE = 41;

  private Tiers() {}

  /**
   * Returns the thresholds with the least work that are at least as accurate as the reference
   * alone, or the most accurate ones if none are.
   *
   * @param outputs of validation images
   * @throws EvaluationException if the set lacks a variant of the plan, or has no reference
   */
  public static Escalation fit(Outputs outputs, TierPlan plan) throws EvaluationException {
    double wanted =
        referenceAccuracy(outputs)
            .orElseThrow(
                () ->
                    new EvaluationException(
                        outputs.set().name() + ": no reference network as target accuracy"));
    TierTable table = new TierTable(outputs, plan, Set.of());
    List<List<Double>> choices = List.of(List.of());
    int thresholds = plan.tiers().size() - 1;
    for (int tier = 0; tier < thresholds; tier++) {
      choices = extended(choices, candidates(table.margins(tier), TRIED[thresholds]));
    }
    List<Double> best = choices.get(0);
    TierTable.Outcome bestOutcome = table.outcome(best);
    for (List<Double> choice : choices) {
      TierTable.Outcome outcome = table.outcome(choice);
      if (isBetter(outcome, bestOutcome, wanted)) {
        best = choice;
        bestOutcome = outcome;
      }
    }
    return new Escalation(plan, best);
  }

  private static boolean isBetter(TierTable.Outcome one, TierTable.Outcome other, double wanted) {
    double first = Math.min(one.accuracy(), wanted);
    double second = Math.min(other.accuracy(), wanted);
    return first > second || (first == second && one.macs() < other.macs());
  }

  private static List<List<Double>> extended(List<List<Double>> choices, double[] values) {
    List<List<Double>> longer = new ArrayList<>();
    for (List<Double> choice : choices) {
      for (double value : values) {
        List<Double> each = new ArrayList<>(choice);
        each.add(value);
        longer.add(List.copyOf(each));
      }
    }
    return longer;
  }

  /** Returns rounded quantiles of the margins, with 0 (no image goes on) and 1 (all go on). */
  private static double[] candidates(double[] margins, int count) {
    DoubleStream quantiles =
        DoubleStream.iterate(1, each -> each < count, each -> each + 1)
            .map(each -> margins[(int) Math.floor(each / count * margins.length)])
            .map(margin -> Math.rint(margin * 1e4) / 1e4);
    return DoubleStream.concat(
            DoubleStream.of(0, 1), margins.length == 0 ? DoubleStream.empty() : quantiles)
        .distinct()
        .sorted()
        .toArray();
  }

  /**
   * @throws EvaluationException if the set lacks a variant of the plan
   */
  public static TierEvaluation evaluate(Outputs outputs, Escalation escalation)
      throws EvaluationException {
    TierPlan plan = escalation.plan();
    TierTable table = new TierTable(outputs, plan, Set.of());
    List<Double> thresholds = escalation.thresholds();
    Optional<Long> macs = ReferenceCost.of(outputs.set()).map(each -> each.own().macs());
    List<TierEvaluation.WithoutOne> without = new ArrayList<>();
    if (plan.variants().size() > 1) {
      for (String lost : plan.variants()) {
        TierTable rest = new TierTable(outputs, plan, Set.of(lost));
        without.add(new TierEvaluation.WithoutOne(lost, rest.outcome(thresholds).accuracy()));
      }
    }
    List<TierEvaluation.Point> curve = new ArrayList<>();
    for (int i = 0; i < CURVE && !thresholds.isEmpty(); i++) {
      List<Double> moved = new ArrayList<>(thresholds);
      moved.set(moved.size() - 1, (double) i / (CURVE - 1));
      curve.add(point(table.outcome(moved), macs));
    }
    TierTable.Outcome outcome = table.outcome(thresholds);
    return new TierEvaluation(
        escalation,
        outcome.reached(),
        point(outcome, macs),
        referenceAccuracy(outputs),
        without,
        curve);
  }

  /**
   * Returns the answers of a plan to each image.
   *
   * @param lost variants that never vote; not all of the plan's
   * @throws EvaluationException if the set lacks a variant of the plan
   */
  public static TierWalk walk(Outputs outputs, Escalation escalation, Set<String> lost)
      throws EvaluationException {
    TierTable table = new TierTable(outputs, escalation.plan(), lost);
    TierTable.Outcome outcome = table.outcome(escalation.thresholds());
    return new TierWalk(
        table.fused(escalation.thresholds()),
        outcome.accuracy(),
        outcome.reached(),
        outcome.macs());
  }

  private static TierEvaluation.Point point(TierTable.Outcome outcome, Optional<Long> macs) {
    List<Double> reached = outcome.reached();
    return new TierEvaluation.Point(
        reached.get(reached.size() - 1),
        outcome.accuracy(),
        macs.map(reference -> outcome.macs() / reference));
  }

  private static Optional<Double> referenceAccuracy(Outputs outputs) {
    int reference = outputs.set().variants().size();
    return outputs
        .set()
        .reference()
        .map(
            any ->
                outputs.accuracy(
                    image ->
                        outputs.answer(reference, image).probabilities().topK(1).get(0).index()));
  }
}
