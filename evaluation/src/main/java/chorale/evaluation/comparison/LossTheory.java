package chorale.evaluation.comparison;

import chorale.evaluation.Combination;
import chorale.evaluation.Evaluation;
import chorale.evaluation.Metrics;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What each strategy answers with some of its boards dead, from what the networks answered offline:
 * over every choice of the dead. Stateless.
 */
final class LossTheory {
  private LossTheory() {}

  /**
   * For 0 dead boards up to all but one of so many; a single board has that many beside it.
   *
   * @param sureErrors of the variants that are left, {@link OfflineAnswers#sureErrors}
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
          new Loss(
              dead,
              accuracies.size(),
              accuracies.stream().mapToDouble(each -> each).average().orElseThrow(),
              Collections.min(accuracies),
              Collections.max(accuracies),
              (double) surviving / accuracies.size(),
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

  /** The choices of dead boards after which requests are answered still. */
  private static int surviving(Strategy strategy, int boards, int dead) {
    return switch (strategy) {
      case VARIANT, DATA, CLASS -> choices(boards, dead);
      case SINGLE -> choices(boards - 1, dead); // those that spare the one
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
