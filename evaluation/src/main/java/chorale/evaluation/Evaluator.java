package chorale.evaluation;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Thresholds;
import chorale.protocol.Limits;
import chorale.worker.Probabilities;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A calculator of an {@link Evaluation} from {@link Outputs}. Every fused answer comes from the
 * aggregator's fusion code, except in {@link #fullAccuracy}. Used by one thread.
 */
public final class Evaluator {
  /** Number of classes per vote, unless a camera sets k. */
  public static final int K = Limits.DEFAULT_K;

  private static final int[] K_SWEEP = {1, 2, 3, 5, 10};

  /** Default confidence threshold of an aggregator; answers below it are unsure. */
  private static final double SURE = .5;

  private final Outputs outputs;
  private final Optional<Outputs> unknown;
  private final Thresholds thresholds;
  private final EvaluatedSet set;
  private final List<Integer> everyVariant;

  private Evaluator(Outputs outputs, Optional<Outputs> unknown, Thresholds thresholds) {
    this.outputs = outputs;
    this.unknown = unknown;
    this.thresholds = thresholds;
    this.set = outputs.set();
    this.everyVariant = IntStream.range(0, set.variants().size()).boxed().toList();
  }

  /**
   * @throws EvaluationException if no image was classified
   */
  public static Evaluation evaluate(Outputs outputs) throws EvaluationException {
    return evaluate(outputs, Optional.empty(), Thresholds.NONE);
  }

  /**
   * @param unknown outputs for images that show none of the set's classes
   * @param thresholds of an aggregator
   * @throws EvaluationException if no image of either kind was classified
   */
  public static Evaluation evaluate(
      Outputs outputs, Optional<Outputs> unknown, Thresholds thresholds)
      throws EvaluationException {
    requireImages(outputs);
    if (unknown.isPresent()) {
      requireImages(unknown.get());
    }
    return new Evaluator(outputs, unknown, thresholds).evaluate();
  }

  private static void requireImages(Outputs outputs) throws EvaluationException {
    if (outputs.images() == 0) {
      throw new EvaluationException(
          "no readable image to evaluate (" + outputs.skipped() + " unreadable)");
    }
  }

  /**
   * Returns the answer of one network, or the fused answer of several, for each image.
   *
   * @param networks ids of variants or the reference
   * @return class indices, in the order of the images
   */
  public static List<Integer> winners(Outputs outputs, List<String> networks) {
    List<Integer> indices = indices(outputs, networks);
    if (indices.size() == 1) {
      return IntStream.range(0, outputs.images())
          .map(image -> outputs.top(indices.get(0), image))
          .boxed()
          .toList();
    }
    return new VoteTable(outputs, K)
        .fused(outputs.set().rule(), indices).stream().map(Fused::winner).toList();
  }

  /**
   * Returns the share of the images with a fused answer of these variants that is wrong but not
   * unsure.
   */
  public static double sureErrors(Outputs outputs, List<String> variants) {
    return sureErrorsOf(
        outputs, new VoteTable(outputs, K).fused(outputs.set().rule(), indices(outputs, variants)));
  }

  /**
   * Returns the share of the images with a fused answer that is wrong but not {@code unsure}.
   *
   * @param fused by image
   */
  public static double sureErrorsOf(Outputs outputs, List<Fused> fused) {
    Thresholds thresholds = new Thresholds(SURE, 0);
    long errors =
        IntStream.range(0, outputs.images())
            .filter(image -> fused.get(image).winner() != outputs.label(image))
            .filter(image -> !isUnsure(thresholds, fused.get(image), outputs.set()))
            .count();
    return (double) errors / outputs.images();
  }

  private static List<Integer> indices(Outputs outputs, List<String> networks) {
    List<String> ids = outputs.set().networks().stream().map(Network::id).toList();
    List<Integer> indices = networks.stream().map(ids::indexOf).sorted().toList();
    if (indices.isEmpty() || indices.get(0) < 0) {
      throw new IllegalArgumentException(
          "networks %s: unknown or none given (allowed: %s)".formatted(networks, ids));
    }
    return indices;
  }

  private Evaluation evaluate() {
    VoteTable votes = new VoteTable(outputs, K);
    List<Fused> fused = votes.fused(set.rule(), everyVariant);
    List<Metrics> metrics = metrics();
    List<Combination> combinations = combinations(votes);
    int variants = set.variants().size();
    ErrorAnalysis errors = new ErrorAnalysis(outputs, fused);
    return new Evaluation(
        set,
        outputs.images(),
        outputs.skipped(),
        metrics.subList(0, variants),
        set.reference().map(reference -> metrics.get(variants)),
        combinations,
        withoutOne(combinations),
        kSweep(),
        rules(votes),
        calibration(fused),
        errors.agreement(),
        errors.byRight(),
        errors.perClass(),
        unsure(fused),
        unknown.map(images -> SeparationAnalysis.separate(set.rule(), outputs, images)));
  }

  private List<Metrics> metrics() {
    List<Network> networks = set.networks();
    List<Metrics> metrics = new ArrayList<>();
    for (int network = 0; network < networks.size(); network++) {
      int index = network;
      CalibrationError error = new CalibrationError();
      for (int image = 0; image < outputs.images(); image++) {
        var top = outputs.answer(network, image).probabilities().topK(1).get(0);
        error.add(top.probability(), top.index() == outputs.label(image));
      }
      metrics.add(
          new Metrics(
              networks.get(network),
              outputs.accuracy(image -> outputs.top(index, image)),
              error.value(),
              outputs.timing(network)));
    }
    return metrics;
  }

  /** Returns all 2^n - 1 subsets, fewest variants first, then in the set's order. */
  private List<Combination> combinations(VoteTable votes) {
    List<List<Integer>> subsets = new ArrayList<>();
    for (long mask = 1; mask < 1L << everyVariant.size(); mask++) {
      subsets.add(BitSet.valueOf(new long[] {mask}).stream().boxed().toList());
    }
    subsets.sort(
        Comparator.<List<Integer>>comparingInt(List::size).thenComparing(Evaluator::inOrder));
    List<Combination> combinations = new ArrayList<>();
    for (List<Integer> subset : subsets) {
      List<Network> members = subset.stream().map(set.variants()::get).toList();
      combinations.add(
          new Combination(
              members.stream().map(Network::id).toList(),
              votes.accuracy(set.rule(), subset),
              members.stream().mapToLong(each -> each.cost().macs()).sum()));
    }
    return combinations;
  }

  /** Compares two lists of equal length. */
  private static int inOrder(List<Integer> one, List<Integer> other) {
    for (int i = 0; i < one.size(); i++) {
      int order = one.get(i).compareTo(other.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private List<Evaluation.WithoutOne> withoutOne(List<Combination> combinations) {
    List<Evaluation.WithoutOne> without = new ArrayList<>();
    for (Network variant : set.variants()) {
      for (Combination each : combinations) {
        if (each.variants().size() == everyVariant.size() - 1
            && !each.variants().contains(variant.id())) {
          without.add(new Evaluation.WithoutOne(variant.id(), each.accuracy()));
        }
      }
    }
    return without;
  }

  private List<Evaluation.KAccuracy> kSweep() {
    int classes = set.classes().size();
    List<Evaluation.KAccuracy> sweep = new ArrayList<>();
    for (int k : K_SWEEP) {
      if (k < classes) {
        sweep.add(new Evaluation.KAccuracy(k, false, accuracy(k)));
      }
    }
    double full = classes <= Limits.MAX_K ? accuracy(classes) : fullAccuracy(outputs);
    sweep.add(new Evaluation.KAccuracy(classes, true, full));
    return sweep;
  }

  private double accuracy(int k) {
    return new VoteTable(outputs, k).accuracy(set.rule(), everyVariant);
  }

  /**
   * Applies the default rule to more classes than one reply can carry: the weighted sum of all
   * probabilities, in the order of the variants' ids; the lower class wins ties.
   */
  static double fullAccuracy(Outputs outputs) {
    List<Network> variants = outputs.set().variants();
    List<Integer> ordered =
        IntStream.range(0, variants.size())
            .boxed()
            .sorted(Comparator.comparing(each -> variants.get(each).id()))
            .toList();
    return outputs.accuracy(
        image -> {
          double[] sums = new double[outputs.set().classes().size()];
          for (int variant : ordered) {
            Network network = variants.get(variant);
            double weight = FusionRule.weight(network.alpha(), network.inputSize());
            Probabilities probabilities = outputs.answer(variant, image).probabilities();
            for (int c = 0; c < sums.length; c++) {
              sums[c] += weight * probabilities.of(c);
            }
          }
          int best = 0;
          for (int c = 1; c < sums.length; c++) {
            best = sums[c] > sums[best] ? c : best;
          }
          return best;
        });
  }

  private List<Evaluation.RuleAccuracy> rules(VoteTable votes) {
    List<Evaluation.RuleAccuracy> rules = new ArrayList<>();
    set.rules()
        .forEach(
            (name, each) ->
                rules.add(new Evaluation.RuleAccuracy(name, votes.accuracy(each, everyVariant))));
    return rules;
  }

  private Evaluation.Unsure unsure(List<Fused> fused) {
    int unsure = 0;
    int right = 0;
    int lost = 0;
    for (int image = 0; image < outputs.images(); image++) {
      boolean isRight = fused.get(image).winner() == outputs.label(image);
      right += isRight ? 1 : 0;
      if (isUnsure(fused.get(image))) {
        unsure++;
        lost += isRight ? 1 : 0;
      }
    }
    int sure = outputs.images() - unsure;
    return new Evaluation.Unsure(
        thresholds,
        (double) unsure / outputs.images(),
        sure == 0 ? Optional.empty() : Optional.of((double) (right - lost) / sure),
        right == 0 ? 0 : (double) lost / right,
        unknown.map(this::unsureShare));
  }

  private double unsureShare(Outputs images) {
    List<Fused> fused = new VoteTable(images, K).fused(set.rule(), everyVariant);
    return (double) fused.stream().filter(this::isUnsure).count() / images.images();
  }

  private boolean isUnsure(Fused fused) {
    return isUnsure(thresholds, fused, set);
  }

  private static boolean isUnsure(Thresholds thresholds, Fused fused, EvaluatedSet set) {
    return thresholds.isUnsure(fused, set.calibration().apply(fused.meanProbability()));
  }

  private Evaluation.FusedError calibration(List<Fused> fused) {
    CalibrationError score = new CalibrationError();
    CalibrationError confidence = new CalibrationError();
    for (int image = 0; image < outputs.images(); image++) {
      boolean right = fused.get(image).winner() == outputs.label(image);
      // A sum of doubles may exceed 1 by 1e-16.
      double mean = Math.min(1, fused.get(image).meanProbability());
      score.add(mean, right);
      confidence.add(set.calibration().apply(mean), right);
    }
    return new Evaluation.FusedError(score.value(), confidence.value());
  }
}
