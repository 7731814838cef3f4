package chorale.aggregator.fusion;

import java.util.List;

/**
 * The fused answer of a {@link FusionRule}. Immutable.
 *
 * @param ranked the classes with votes, best first
 * @param meanProbability mean probability of the winner over the voters, weighted as in the rule; a
 *     vote without the winner in its top-k counts as 0. {@link TrimmedMean} gives its trimmed mean,
 *     and strategy class the winner's own probability
 */
public record Fused(List<Scored> ranked, double meanProbability) {
  public Fused {
    ranked = List.copyOf(ranked);
    if (ranked.isEmpty()) {
      throw new IllegalArgumentException("the answer has no class (needed: at least 1)");
    }
  }

  /**
   * One class of the answer.
   *
   * @param index into the class list
   * @param score 0 to 1, in the rule's own terms
   */
  public record Scored(int index, double score) {}

  /**
   * Returns the winner's score minus that of the second class, or minus 0 without a second class.
   */
  public double margin() {
    return ranked.get(0).score() - (ranked.size() > 1 ? ranked.get(1).score() : 0);
  }

  /** Returns the index of the winning class. */
  public int winner() {
    return ranked.get(0).index();
  }
}
