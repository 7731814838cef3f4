package chorale.evaluation.comparison;

import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Evaluator;
import chorale.evaluation.LabeledImage;
import chorale.evaluation.Outputs;
import chorale.evaluation.tiers.TierWalk;
import chorale.evaluation.tiers.Tiers;
import chorale.protocol.Bytes;
import chorale.protocol.Escalation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The images of a comparison and the offline answers of every network, with which the answers of
 * the running sites are compared. Used by one thread.
 */
public final class OfflineAnswers {
  private final List<LabeledImage> images;
  private final Outputs outputs;
  private final Evaluation evaluation;

  /** The winning class of each image, by the voting networks. */
  private final Map<List<String>, List<Integer>> winners = new HashMap<>();

  /**
   * @param outputs of all networks, in the order of the images; no image may be skipped
   * @throws EvaluationException if there are no images
   */
  public OfflineAnswers(List<LabeledImage> images, Outputs outputs) throws EvaluationException {
    this.images = List.copyOf(images);
    this.outputs = outputs;
    this.evaluation = Evaluator.evaluate(outputs);
  }

  int count() {
    return images.size();
  }

  /** Returns this number of images, repeating from the first if there are fewer. */
  List<Bytes> contents(int count) {
    return IntStream.range(0, count).mapToObj(i -> content(i % images.size())).toList();
  }

  Bytes content(int image) {
    return images.get(image).content();
  }

  /** Returns the class index that these networks together answer offline. */
  int expected(List<String> networks, int image) {
    return winners.computeIfAbsent(networks, ids -> Evaluator.winners(outputs, ids)).get(image);
  }

  /** Returns whether a class is the label of an image. */
  boolean isRight(int classIndex, int image) {
    return outputs.set().classes().get(classIndex).equals(images.get(image).label());
  }

  /**
   * Returns the share of wrong answers that are not {@code unsure}, {@link Evaluator#sureErrors}.
   */
  double sureErrors(List<String> variants) {
    return Evaluator.sureErrors(outputs, variants);
  }

  /** Returns the answers of a plan of tiers, {@link Tiers#walk}. */
  TierWalk walk(Escalation tiers, Set<String> lost) throws EvaluationException {
    return Tiers.walk(outputs, tiers, lost);
  }

  /**
   * Returns the share of wrong answers that are not {@code unsure}, {@link Evaluator#sureErrorsOf}.
   */
  double sureErrors(TierWalk walk) {
    return Evaluator.sureErrorsOf(outputs, walk.answers());
  }

  Evaluation evaluation() {
    return evaluation;
  }
}
