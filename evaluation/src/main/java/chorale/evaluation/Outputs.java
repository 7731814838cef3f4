package chorale.evaluation;

import chorale.aggregator.fusion.Vote;
import chorale.evaluation.measurement.Quantiles;
import chorale.worker.Classification;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The outputs of every network of a set for every image, the basis of all metrics. Filled by one
 * thread, then read-only.
 */
public final class Outputs {
  private final EvaluatedSet set;
  private final List<String> labelNames;
  private final List<Integer> labels = new ArrayList<>();
  private final List<List<Classification>> byNetwork = new ArrayList<>();
  private int skipped;

  /** Creates outputs for images that each show a class of the set. */
  public Outputs(EvaluatedSet set) {
    this(set, set.classes());
  }

  /**
   * @param labelNames allowed labels: the set's classes, or families of unknown images
   */
  public Outputs(EvaluatedSet set, List<String> labelNames) {
    this.set = set;
    this.labelNames = List.copyOf(labelNames);
    set.networks().forEach(network -> byNetwork.add(new ArrayList<>()));
  }

  /**
   * Adds one image.
   *
   * @param label index into {@link #labelNames}
   * @param answers one from each of {@link EvaluatedSet#networks}, in their order
   */
  public void add(int label, List<Classification> answers) {
    Objects.checkIndex(label, labelNames.size());
    if (answers.size() != byNetwork.size()) {
      throw new IllegalArgumentException(
          "%d answers (needed: %d, one per network)".formatted(answers.size(), byNetwork.size()));
    }
    for (Classification answer : answers) {
      int classes = answer.probabilities().classCount();
      if (classes != set.classes().size()) {
        throw new IllegalArgumentException(
            "an answer with %d classes (needed: %d)".formatted(classes, set.classes().size()));
      }
    }
    labels.add(label);
    for (int i = 0; i < answers.size(); i++) {
      byNetwork.get(i).add(answers.get(i));
    }
  }

  /** Counts one image that workers would reject. */
  public void skip() {
    skipped++;
  }

  public EvaluatedSet set() {
    return set;
  }

  List<String> labelNames() {
    return labelNames;
  }

  public int images() {
    return labels.size();
  }

  public int skipped() {
    return skipped;
  }

  /** Returns the index of the image's label. */
  public int label(int image) {
    return labels.get(image);
  }

  /**
   * @param network index into {@link EvaluatedSet#networks}
   */
  public Classification answer(int network, int image) {
    return byNetwork.get(network).get(image);
  }

  /** Returns a network's answer as the vote of a worker, with the k most likely classes. */
  public Vote vote(int network, int image, int k) {
    Network own = set.networks().get(network);
    return new Vote(
        own.id(),
        own.alpha(),
        own.inputSize(),
        set.classes().size(),
        answer(network, image).probabilities().topK(k));
  }

  /** Returns a network's most likely class. */
  int top(int network, int image) {
    return answer(network, image).probabilities().topK(1).get(0).index();
  }

  /**
   * Returns the share of the images with a correct answer.
   *
   * @param answer class index, by image
   */
  public double accuracy(IntUnaryOperator answer) {
    long right =
        IntStream.range(0, images())
            .filter(image -> answer.applyAsInt(image) == label(image))
            .count();
    return (double) right / images();
  }

  Timing timing(int network) {
    List<Classification> answers = byNetwork.get(network);
    return new Timing(
        medianMillis(answers, each -> each.decodeMicros() + each.preprocessMicros()),
        medianMillis(answers, Classification::inferenceMicros));
  }

  /** Returns the lower median, which is always a measured value. */
  private static double medianMillis(
      List<Classification> answers, ToDoubleFunction<Classification> micros) {
    return answers.isEmpty()
        ? 0
        : Quantiles.nearestRank(answers.stream().map(micros::applyAsDouble).toList(), .5) / 1e3;
  }
}
