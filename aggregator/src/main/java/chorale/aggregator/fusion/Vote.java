package chorale.aggregator.fusion;

import chorale.protocol.Limits;
import chorale.protocol.Ranked;
import java.util.List;
import java.util.Objects;

/**
 * One variant's vote for one image: its top-k classes with raw softmax probabilities, and the
 * network's dimensions, which determine the weight of the vote. Immutable.
 *
 * @param alpha width multiplier of the network
 * @param inputSize side of the network's square input, in pixels
 * @param classCount length of the class list
 * @param ranked most likely first, each class at most once
 */
public record Vote(
    String variant, double alpha, int inputSize, int classCount, List<Ranked> ranked) {
  public Vote {
    Objects.requireNonNull(variant, "variant");
    ranked = List.copyOf(ranked);
    if (!(alpha > 0) || inputSize < 1) {
      throw new IllegalArgumentException(
          "vote of " + variant + ": alpha " + alpha + ", input size " + inputSize);
    }
    if (ranked.isEmpty() || ranked.size() > Limits.MAX_K || ranked.size() > classCount) {
      throw new IllegalArgumentException(
          "vote of " + variant + ": " + ranked.size() + " of " + classCount + " classes");
    }
    for (Ranked each : ranked) {
      if (each.index() >= classCount) {
        throw new IllegalArgumentException(
            "vote of " + variant + ": class " + each.index() + " of " + classCount);
      }
    }
  }

  public double weight() {
    return FusionRule.weight(alpha, inputSize);
  }

  /** Returns the most likely class. */
  public Ranked first() {
    return ranked.get(0);
  }
}
