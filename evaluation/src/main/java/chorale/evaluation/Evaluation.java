package chorale.evaluation;

import chorale.aggregator.fusion.Thresholds;
import java.util.List;
import java.util.Optional;

/**
 * The accuracy, cost and calibration of one model set on one collection of images. Accuracies and
 * shares are 0 to 1. Unless stated otherwise, fused answers use all variants, {@link #k} classes
 * per vote and the default rule. Immutable.
 *
 * @param images number of evaluated images
 * @param skipped number of images that workers would reject; excluded from all figures
 * @param variants in the set's order
 * @param combinations all subsets of the variants, fewest variants first
 * @param withoutOne for each variant, the accuracy of all others together; empty for a single
 *     variant
 * @param kSweep accuracy by the number of classes per vote, up to all
 * @param rules accuracy of each fusion rule
 * @param fused calibration errors of the fused answer
 * @param agreement for each pair of networks, in the order of {@link EvaluatedSet#networks}: the
 *     share of the images on which both have the same top class
 * @param byRight images by the number of correct variants, from none to all
 * @param perClass in the order of the classes
 * @param unsure the answers that the aggregator's thresholds mark unsure
 * @param separation from unknown images, if there are any
 */
public record Evaluation(
    EvaluatedSet set,
    int images,
    int skipped,
    List<Metrics> variants,
    Optional<Metrics> reference,
    List<Combination> combinations,
    List<WithoutOne> withoutOne,
    List<KAccuracy> kSweep,
    List<RuleAccuracy> rules,
    FusedError fused,
    List<List<Double>> agreement,
    List<ByRight> byRight,
    List<ClassAccuracy> perClass,
    Unsure unsure,
    Optional<Separation> separation) {

  /** The accuracy of all variants but one. */
  public record WithoutOne(String without, double accuracy) {}

  /**
   * The accuracy with k classes per vote.
   *
   * @param full whether k is the number of all classes
   */
  public record KAccuracy(int k, boolean full, double accuracy) {}

  /** The accuracy of one fusion rule. */
  public record RuleAccuracy(String rule, double accuracy) {}

  /**
   * The expected calibration errors of the fused answer.
   *
   * @param score of the mean probability
   * @param confidence the same after the set's calibration
   */
  public record FusedError(double score, double confidence) {}

  /**
   * The images that exactly this number of variants classifies correctly.
   *
   * @param images number of these images
   * @param fused number of them with a correct fused answer
   * @param reference number of them that the reference network classifies correctly; empty without
   *     one
   */
  public record ByRight(int variants, int images, int fused, Optional<Integer> reference) {}

  /**
   * The accuracy on the images of one class.
   *
   * @param images number of these images
   * @param fused share of them with a correct fused answer; empty without images
   * @param networks the same for each of {@link EvaluatedSet#networks}; empty without images
   */
  public record ClassAccuracy(
      String name, int images, Optional<Double> fused, List<Double> networks) {
    public ClassAccuracy {
      networks = List.copyOf(networks);
    }
  }

  /**
   * The answers below an aggregator's thresholds.
   *
   * @param share of the images
   * @param accuracy of the other answers; empty if there are none
   * @param lost share of the correct answers that are unsure
   * @param unknown share of the unknown images that are unsure; empty without such images
   */
  public record Unsure(
      Thresholds thresholds,
      double share,
      Optional<Double> accuracy,
      double lost,
      Optional<Double> unknown) {}

  public Evaluation {
    variants = List.copyOf(variants);
    combinations = List.copyOf(combinations);
    withoutOne = List.copyOf(withoutOne);
    kSweep = List.copyOf(kSweep);
    rules = List.copyOf(rules);
    agreement = agreement.stream().map(List::copyOf).toList();
    byRight = List.copyOf(byRight);
    perClass = List.copyOf(perClass);
  }

  /** Returns the combination of all variants. */
  public Combination all() {
    return combinations.get(combinations.size() - 1);
  }

  /**
   * Returns the number of classes in each vote: the default k, or all classes if there are fewer.
   */
  public int k() {
    return Math.min(Evaluator.K, set.classes().size());
  }

  Optional<ReferenceCost> referenceCost() {
    return ReferenceCost.of(set);
  }
}
