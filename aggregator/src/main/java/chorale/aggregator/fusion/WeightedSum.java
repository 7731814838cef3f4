package chorale.aggregator.fusion;

import chorale.protocol.Ranked;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The weighted sum of the probabilities: the class with the largest sum wins. A score is the sum
 * divided by the voters' total weight, that is, a mean probability. Immutable.
 *
 * <p>A vote's weight is a function of its variant's weight. With the identity, this is the paper's
 * merge (Asadi and Goudarzi, Variant Parallelism, IEEE Internet of Things Journal 11(1), 2024,
 * arXiv 2210.08376); with the constant 1, it is the plain mean.
 *
 * <p><b>The bound.</b> Let S(c) be the sum of class c over the votes so far, L the leader, and W
 * the total weight of the missing votes. A vote adds at most its whole weight to one class, since a
 * probability is at most 1, and never subtracts anything. At the end, the leader therefore has at
 * least S(L) and any other class at most S(c) + W, where S(c) = 0 for a class without votes. If
 * S(L) > S(c) + W for every other class, no completion changes the winner. Otherwise, the
 * completion in which all missing votes name only c gives it at least a tie, apart from rounding;
 * the bound is therefore tight. A tie counts as undecided. The computed lead must also exceed 1e-9
 * of the total weight; for 1,000 variants, the rounding error of both sums is below 1e-12 of it.
 *
 * <p><b>Liars.</b> A vote of weight w with probabilities p(L) and p(c) can reduce the lead over c
 * by at most w (1 + p(L) - p(c)), by giving all its weight to c instead. Any f votes can reduce it
 * by at most the sum of the f largest such values, and this maximum is attainable.
 */
record WeightedSum(DoubleUnaryOperator scale) implements FusionRule {
  static final WeightedSum SCALED = new WeightedSum(weight -> weight);
  static final WeightedSum MEAN = new WeightedSum(weight -> 1);

  private static final double SLACK = 1e-9;

  @Override
  public Fused fuse(List<Vote> votes) {
    List<Vote> ordered = Votes.inOrder(votes);
    double total = total(ordered);
    List<Fused.Scored> ranked = scores(ordered).ranked(sum -> sum / total);
    return new Fused(ranked, ranked.get(0).score());
  }

  @Override
  public boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars) {
    List<Vote> ordered = Votes.inOrder(votes);
    double heard = total(ordered);
    double left = 0;
    for (double missing : missingWeights) {
      left += scale.applyAsDouble(missing);
    }
    double most = left;
    if (heard <= left) {
      return false;
    }
    ClassScores scores = scores(ordered);
    int leader = scores.leader();
    int winner = scores.index(leader);
    double lead =
        scores.smallestLead(
            leader,
            ordered.get(0).classCount(),
            0,
            rival -> most + Votes.largest(liars, ordered, vote -> swing(vote, winner, rival)));
    return lead > SLACK * (heard + left);
  }

  private double swing(Vote vote, int winner, int rival) {
    return weight(vote) * (1 + Votes.probability(vote, winner) - Votes.probability(vote, rival));
  }

  private double weight(Vote vote) {
    return scale.applyAsDouble(vote.weight());
  }

  private double total(List<Vote> votes) {
    double total = 0;
    for (Vote vote : votes) {
      total += weight(vote);
    }
    return total;
  }

  private ClassScores scores(List<Vote> votes) {
    ClassScores scores = new ClassScores();
    for (Vote vote : votes) {
      double weight = weight(vote);
      for (Ranked ranked : vote.ranked()) {
        scores.add(ranked.index(), weight * ranked.probability());
      }
    }
    return scores;
  }
}
