package chorale.evaluation;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Fusion;
import chorale.protocol.Limits;
import chorale.worker.Probabilities;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Computes an {@link Evaluation} from {@link Outputs}. Every fused answer is the aggregator's own
 * ({@link FusionRule}), with the one exception of {@link #fullAccuracy}. One call, one thread.
 */
public final class Evaluator {
  /** Classes that a variant answers with where a camera asks for nothing else. */
  public static final int K = Limits.DEFAULT_K;

  private static final int[] K_SWEEP = {1, 2, 3, 5, 10};

  private final Outputs outputs;
  private final EvaluatedSet subject;
  private final FusionRule rule = FusionRule.of(Fusion.DEFAULT);
  private final List<Integer> everyVariant;

  private Evaluator(Outputs outputs) {
    this.outputs = outputs;
    this.subject = outputs.subject();
    this.everyVariant = IntStream.range(0, subject.variants().size()).boxed().toList();
  }

  /**
   * @throws EvaluationException not one image was answered
   */
  public static Evaluation evaluate(Outputs outputs) throws EvaluationException {
    if (outputs.images() == 0) {
      throw new EvaluationException("no image to judge (" + outputs.skipped() + " left out)");
    }
    return new Evaluator(outputs).evaluate();
  }

  /**
   * What some networks of the set answer together, image by image.
   *
   * @param networks ids of variants, whose votes are fused; or of the reference, alone
   * @return class indices, in the order of the images
   */
  public static List<Integer> winners(Outputs outputs, List<String> networks) {
    Evaluator judge = new Evaluator(outputs);
    List<String> ids = judge.subject.networks().stream().map(Network::id).toList();
    List<Integer> indices = networks.stream().map(ids::indexOf).sorted().toList();
    if (indices.isEmpty() || indices.get(0) < 0) {
      throw new IllegalArgumentException(networks + " of " + ids);
    }
    boolean alone = indices.size() == 1;
    List<List<Vote>> votes = alone ? List.of() : judge.votes(K);
    return IntStream.range(0, outputs.images())
        .map(
            image ->
                alone
                    ? outputs.top(indices.get(0), image)
                    : fuse(judge.rule, votes, indices, image).winner())
        .boxed()
        .toList();
  }

  private Evaluation evaluate() {
    List<List<Vote>> votes = votes(K);
    List<Fused> fused =
        IntStream.range(0, outputs.images())
            .mapToObj(image -> fuse(rule, votes, everyVariant, image))
            .toList();
    List<Metrics> figures = figures();
    List<Combination> combinations = combinations(votes);
    int variants = subject.variants().size();
    return new Evaluation(
        subject,
        outputs.images(),
        outputs.skipped(),
        figures.subList(0, variants),
        subject.reference().map(reference -> figures.get(variants)),
        combinations,
        withoutOne(combinations),
        kSweep(),
        rules(votes),
        fusedError(fused),
        agreement(),
        byRight(fused),
        perClass(fused));
  }

  /** For each variant its vote for each image. */
  private List<List<Vote>> votes(int k) {
    List<List<Vote>> votes = new ArrayList<>();
    for (int variant : everyVariant) {
      Network network = subject.variants().get(variant);
      List<Vote> its = new ArrayList<>(outputs.images());
      for (int image = 0; image < outputs.images(); image++) {
        its.add(
            new Vote(
                network.id(),
                network.alpha(),
                network.inputSize(),
                subject.classes().size(),
                outputs.answer(variant, image).probabilities().topK(k)));
      }
      votes.add(its);
    }
    return votes;
  }

  private static Fused fuse(
      FusionRule rule, List<List<Vote>> votes, List<Integer> variants, int image) {
    List<Vote> heard = new ArrayList<>(variants.size());
    for (int variant : variants) {
      heard.add(votes.get(variant).get(image));
    }
    return rule.fuse(heard);
  }

  private double accuracy(FusionRule rule, List<List<Vote>> votes, List<Integer> variants) {
    int right = 0;
    for (int image = 0; image < outputs.images(); image++) {
      right += fuse(rule, votes, variants, image).winner() == outputs.label(image) ? 1 : 0;
    }
    return share(right, outputs.images());
  }

  private static double share(int part, int whole) {
    return (double) part / whole;
  }

  private List<Metrics> figures() {
    List<Network> networks = subject.networks();
    List<Metrics> figures = new ArrayList<>();
    for (int network = 0; network < networks.size(); network++) {
      CalibrationError error = new CalibrationError();
      int right = 0;
      for (int image = 0; image < outputs.images(); image++) {
        var top = outputs.answer(network, image).probabilities().topK(1).get(0);
        boolean isRight = top.index() == outputs.label(image);
        error.add(top.probability(), isRight);
        right += isRight ? 1 : 0;
      }
      figures.add(
          new Metrics(
              networks.get(network),
              share(right, outputs.images()),
              error.value(),
              outputs.timing(network)));
    }
    return figures;
  }

  /** All 2^n - 1, fewest variants first, then in the set's order. */
  private List<Combination> combinations(List<List<Vote>> votes) {
    List<List<Integer>> subsets = new ArrayList<>();
    for (long mask = 1; mask < 1L << everyVariant.size(); mask++) {
      subsets.add(BitSet.valueOf(new long[] {mask}).stream().boxed().toList());
    }
    subsets.sort(
        Comparator.<List<Integer>>comparingInt(List::size).thenComparing(Evaluator::inOrder));
    List<Combination> combinations = new ArrayList<>();
    for (List<Integer> subset : subsets) {
      combinations.add(
          new Combination(
              subset.stream().map(each -> subject.variants().get(each).id()).toList(),
              accuracy(rule, votes, subset),
              subset.stream().mapToLong(each -> subject.variants().get(each).cost().macs()).sum()));
    }
    return combinations;
  }

  /** Two lists of one length. */
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
    for (Network variant : subject.variants()) {
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
    int classes = subject.classes().size();
    List<Evaluation.KAccuracy> sweep = new ArrayList<>();
    for (int k : K_SWEEP) {
      if (k < classes) {
        sweep.add(new Evaluation.KAccuracy(k, false, accuracy(rule, votes(k), everyVariant)));
      }
    }
    double full =
        classes <= Limits.MAX_K ? accuracy(rule, votes(classes), everyVariant) : fullAccuracy();
    sweep.add(new Evaluation.KAccuracy(classes, true, full));
    return sweep;
  }

  /** For its test. */
  static double fullAccuracy(Outputs outputs) {
    return new Evaluator(outputs).fullAccuracy();
  }

  /**
   * The default rule on more classes than a reply may carry, which no {@link Vote} can express: the
   * weighted sum of all probabilities, in the order of the variants' ids, ties to the lower class.
   */
  private double fullAccuracy() {
    List<Integer> ordered =
        everyVariant.stream()
            .sorted(Comparator.comparing(each -> subject.variants().get(each).id()))
            .toList();
    int right = 0;
    for (int image = 0; image < outputs.images(); image++) {
      double[] sums = new double[subject.classes().size()];
      for (int variant : ordered) {
        Network network = subject.variants().get(variant);
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
      right += best == outputs.label(image) ? 1 : 0;
    }
    return share(right, outputs.images());
  }

  private List<Evaluation.RuleAccuracy> rules(List<List<Vote>> votes) {
    return Stream.of(Fusion.values())
        .map(
            each ->
                new Evaluation.RuleAccuracy(
                    each.label(), accuracy(FusionRule.of(each), votes, everyVariant)))
        .toList();
  }

  private Evaluation.FusedError fusedError(List<Fused> joint) {
    CalibrationError score = new CalibrationError();
    CalibrationError confidence = new CalibrationError();
    for (int image = 0; image < outputs.images(); image++) {
      Fused fused = joint.get(image);
      boolean right = fused.winner() == outputs.label(image);
      double mean = Math.min(1, fused.meanProbability()); // a sum of doubles may pass 1 by 1e-16
      score.add(mean, right);
      confidence.add(subject.calibration().apply(mean), right);
    }
    return new Evaluation.FusedError(score.value(), confidence.value());
  }

  private List<List<Double>> agreement() {
    int networks = subject.networks().size();
    List<List<Double>> matrix = new ArrayList<>();
    for (int one = 0; one < networks; one++) {
      List<Double> row = new ArrayList<>();
      for (int other = 0; other < networks; other++) {
        int same = 0;
        for (int image = 0; image < outputs.images(); image++) {
          same += outputs.top(one, image) == outputs.top(other, image) ? 1 : 0;
        }
        row.add(share(same, outputs.images()));
      }
      matrix.add(row);
    }
    return matrix;
  }

  private List<Evaluation.ByRight> byRight(List<Fused> joint) {
    int variants = everyVariant.size();
    int[] images = new int[variants + 1];
    int[] fused = new int[variants + 1];
    int[] reference = new int[variants + 1];
    for (int image = 0; image < outputs.images(); image++) {
      int label = outputs.label(image);
      int right = 0;
      for (int variant : everyVariant) {
        right += outputs.top(variant, image) == label ? 1 : 0;
      }
      images[right]++;
      fused[right] += joint.get(image).winner() == label ? 1 : 0;
      if (subject.reference().isPresent()) {
        reference[right] += outputs.top(variants, image) == label ? 1 : 0;
      }
    }
    return IntStream.rangeClosed(0, variants)
        .mapToObj(
            right ->
                new Evaluation.ByRight(
                    right,
                    images[right],
                    fused[right],
                    subject.reference().map(each -> reference[right])))
        .toList();
  }

  private List<Evaluation.ClassFigures> perClass(List<Fused> joint) {
    int classes = subject.classes().size();
    int networks = subject.networks().size();
    int[] shown = new int[classes];
    int[] right = new int[classes];
    int[][] rightOf = new int[networks][classes];
    for (int image = 0; image < outputs.images(); image++) {
      int label = outputs.label(image);
      shown[label]++;
      right[label] += joint.get(image).winner() == label ? 1 : 0;
      for (int network = 0; network < networks; network++) {
        rightOf[network][label] += outputs.top(network, image) == label ? 1 : 0;
      }
    }
    List<Evaluation.ClassFigures> rows = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      int label = c;
      boolean any = shown[c] > 0;
      rows.add(
          new Evaluation.ClassFigures(
              subject.classes().get(c),
              shown[c],
              any ? Optional.of(share(right[c], shown[c])) : Optional.empty(),
              any
                  ? IntStream.range(0, networks)
                      .mapToObj(network -> share(rightOf[network][label], shown[label]))
                      .toList()
                  : List.of()));
    }
    return rows;
  }
}
