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
 * The outputs of every network of a set for every image, from which all metrics are computed.
 * Filled by one thread, then only read.
 */
public final class Outputs {
  private final EvaluatedSet set;
  private final List<String> labelNames;
  private final List<Integer> labels = new ArrayList<>();
  private final List<List<Classification>> byNetwork = new ArrayList<>();
  private int skipped;

  /** For images that each show a class of the set. */
  public Outputs(EvaluatedSet set) {
    this(set, set.classes());
  }

  /**
   * @param labelNames what the images may show: the set's classes, or families of other things
   */
  public Outputs(EvaluatedSet set, List<String> labelNames) {
    this.set = set;
    this.labelNames = List.copyOf(labelNames);
    set.networks().forEach(network -> byNetwork.add(new ArrayList<>()));
  }

  /**
   * One more image.
   *
   * @param label index of what it shows in {@link #labelNames}
   * @param answers one of each of {@link EvaluatedSet#networks}, in their order
   */
  public void add(int label, List<Classification> answers) {
    Objects.checkIndex(label, labelNames.size());
    if (answers.size() != byNetwork.size()) {
      throw new IllegalArgumentException(answers.size() + " answers of " + byNetwork.size());
    }
    for (Classification answer : answers) {
      if (answer.probabilities().classCount() != set.classes().size()) {
        throw new IllegalArgumentException("an answer over another class list");
      }
    }
    labels.add(label);
    for (int i = 0; i < answers.size(); i++) {
      byNetwork.get(i).add(answers.get(i));
    }
  }

  /** One more image that no worker would have answered. */
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

  /** Index of what it shows. */
  public int label(int image) {
    return labels.get(image);
  }

  /**
   * @param network index into {@link EvaluatedSet#networks}
   */
  public Classification answer(int network, int image) {
    return byNetwork.get(network).get(image);
  }

  /** What a network says of an image as a worker would, with its k most likely classes. */
  public Vote vote(int network, int image, int k) {
    Network own = set.networks().get(network);
    return new Vote(
        own.id(),
        own.alpha(),
        own.inputSize(),
        set.classes().size(),
        answer(network, image).probabilities().topK(k));
  }

  /** A network's most likely class. */
  int top(int network, int image) {
    return answer(network, image).probabilities().topK(1).get(0).index();
  }

  /**
   * The share of the images that are answered right.
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

  /** The lower median: always a value that was measured. */
  private static double medianMillis(
      List<Classification> answers, ToDoubleFunction<Classification> micros) {
    return answers.isEmpty()
        ? 0
        : Quantiles.nearestRank(answers.stream().map(micros::applyAsDouble).toList(), .5) / 1e3;
  }
}
