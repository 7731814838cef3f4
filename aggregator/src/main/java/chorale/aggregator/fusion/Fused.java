package chorale.aggregator.fusion;

import java.util.List;

/**
 * The answer that a {@link FusionRule} draws from the votes. Immutable.
 *
 * @param ranked the classes that were voted for, best first
 * @param meanProbability of the winner over those who voted, weighted as the rule weighs; a class
 *     outside a voter's top-k counts as 0 there
 */
public record Fused(List<Scored> ranked, double meanProbability) {
  public Fused {
    ranked = List.copyOf(ranked);
    if (ranked.isEmpty()) {
      throw new IllegalArgumentException("an answer has at least one class");
    }
  }

  /**
   * One class of the answer.
   *
   * @param index into the class list
   * @param score 0 to 1, in the rule's own terms
   */
  public record Scored(int index, double score) {}

  /** The winner's score minus that of the second class, which is 0 where nobody named one. */
  public double margin() {
    return ranked.get(0).score() - (ranked.size() > 1 ? ranked.get(1).score() : 0);
  }

  /** Index of the winning class. */
  public int winner() {
    return ranked.get(0).index();
  }
}
