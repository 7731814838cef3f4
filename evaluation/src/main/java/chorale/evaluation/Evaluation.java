package chorale.evaluation;

import chorale.aggregator.fusion.Thresholds;
import java.util.List;
import java.util.Optional;

/**
 * The accuracy, cost and calibration of one model set on one collection of images. Accuracies and
 * other shares are 0 to 1. Unless stated otherwise, a fused answer is that of all variants, with
 * {@link #k} classes of each, under the default rule. Immutable.
 *
 * @param images that were judged
 * @param skipped images that no worker would have answered, and which count nowhere
 * @param variants in the set's order
 * @param combinations all subsets of the variants, fewest variants first
 * @param withoutOne for each variant, the accuracy of all others together; empty for a single one
 * @param kSweep more classes of each variant, up to all
 * @param rules each fusion rule
 * @param fused how well the fused answer knows its own certainty
 * @param agreement for each network, with each other, in the order of {@link
 *     EvaluatedSet#networks}: the share of the images on which both name the same class
 * @param byRight images by how many variants are right about them, from none to all
 * @param perClass in the order of the classes
 * @param unsure what an aggregator's thresholds withhold
 * @param separation from images of anything else, where such images were given
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
   * @param k classes of each variant
   * @param full whether these are all the classes
   */
  public record KAccuracy(int k, boolean full, double accuracy) {}

  /** Of one fusion rule. */
  public record RuleAccuracy(String rule, double accuracy) {}

  /**
   * @param score calibration error of the raw mean probability
   * @param confidence the same after the set's calibration
   */
  public record FusedError(double score, double confidence) {}

  /**
   * The images about which so many variants are right, each with its most probable class.
   *
   * @param images how many these are
   * @param fused of how many of them the fused answer is right
   * @param reference the same of the reference network; empty without one
   */
  public record ByRight(int variants, int images, int fused, Optional<Integer> reference) {}

  /**
   * @param images that show this class
   * @param fused share of them that is answered right; empty where there are none
   * @param networks the same of each of {@link EvaluatedSet#networks}; empty where there are none
   */
  public record ClassAccuracy(
      String name, int images, Optional<Double> fused, List<Double> networks) {
    public ClassAccuracy {
      networks = List.copyOf(networks);
    }
  }

  /**
   * The answers that are less certain than an aggregator's thresholds.
   *
   * @param share of the images
   * @param accuracy of the other answers; empty where there are none
   * @param lost share of the right answers that are unsure
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

  /** All variants together. */
  public Combination all() {
    return combinations.get(combinations.size() - 1);
  }

  /** Classes in each vote: as many as a variant returns by default, or all if there are fewer. */
  public int k() {
    return Math.min(Evaluator.K, set.classes().size());
  }

  Optional<ReferenceCost> referenceCost() {
    return ReferenceCost.of(set);
  }
}
