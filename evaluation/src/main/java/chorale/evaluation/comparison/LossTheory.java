package chorale.evaluation.comparison;

import chorale.evaluation.Combination;
import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Metrics;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.evaluation.tiers.TierWalk;
import chorale.protocol.Escalation;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A calculator of each strategy's expected accuracy with dead boards, over every choice of them,
 * from the networks' offline answers. Stateless.
 */
final class LossTheory {
  private LossTheory() {}

  /**
   * Returns the losses for 0 dead boards up to all but one. Strategy single has the same number of
   * boards, of which one works.
   *
   * @param sureErrors {@link OfflineAnswers#sureErrors} for the remaining variants
   */
  static List<Loss> losses(
      Strategy strategy, Evaluation evaluation, ToDoubleFunction<List<String>> sureErrors) {
    int boards = evaluation.variants().size();
    double reference = evaluation.reference().map(Metrics::accuracy).orElse(0.0);
    List<Loss> losses = new ArrayList<>();
    for (int dead = 0; dead < boards; dead++) {
      int alive = boards - dead;
      int surviving = surviving(strategy, boards, dead);
      List<Combination> left =
          evaluation.combinations().stream()
              .filter(each -> each.variants().size() == alive)
              .toList();
      List<Double> accuracies =
          strategy.isFused()
              ? left.stream().map(Combination::accuracy).toList()
              : IntStream.range(0, choices(boards, dead))
                  .mapToObj(choice -> choice < surviving ? reference : 0)
                  .toList();
      losses.add(
          loss(
              dead,
              accuracies,
              surviving,
              strategy.isFused()
                  ? Optional.of(
                      left.stream()
                          .map(Combination::variants)
                          .mapToDouble(sureErrors)
                          .average()
                          .orElseThrow())
                  : Optional.empty()));
    }
    return losses;
  }

  /**
   * Returns the losses of a plan of tiers, with unchanged thresholds, up to the same number of dead
   * boards.
   */
  static List<Loss> losses(Escalation tiers, OfflineAnswers answers) throws EvaluationException {
    List<String> boards = tiers.plan().variants();
    int most = Math.min(boards.size(), answers.evaluation().variants().size());
    List<Loss> losses = new ArrayList<>();
    for (int dead = 0; dead < most; dead++) {
      List<Double> accuracies = new ArrayList<>();
      double sureErrors = 0;
      for (long mask = 0; mask < 1L << boards.size(); mask++) {
        if (Long.bitCount(mask) == dead) {
          TierWalk walk =
              answers.walk(
                  tiers,
                  BitSet.valueOf(new long[] {mask}).stream()
                      .mapToObj(boards::get)
                      .collect(Collectors.toSet()));
          accuracies.add(walk.accuracy());
          sureErrors += answers.sureErrors(walk);
        }
      }
      int choices = accuracies.size();
      losses.add(loss(dead, accuracies, choices, Optional.of(sureErrors / choices)));
    }
    return losses;
  }

  private static Loss loss(
      int dead, List<Double> accuracies, int surviving, Optional<Double> sureErrors) {
    return new Loss(
        dead,
        accuracies.size(),
        accuracies.stream().mapToDouble(each -> each).average().orElseThrow(),
        Collections.min(accuracies),
        Collections.max(accuracies),
        (double) surviving / accuracies.size(),
        sureErrors);
  }

  /** Returns the number of choices of dead boards with which requests are still answered. */
  private static int surviving(Strategy strategy, int boards, int dead) {
    return switch (strategy) {
      case VARIANT, DATA, CLASS -> choices(boards, dead);
      case SINGLE -> choices(boards - 1, dead); // choices without the one board
      case MODEL -> dead == 0 ? 1 : 0;
    };
  }

  private static int choices(int of, int taken) {
    int choices = 1;
    for (int i = 0; i < taken; i++) {
      choices = choices * (of - i) / (i + 1);
    }
    return choices;
  }
}
