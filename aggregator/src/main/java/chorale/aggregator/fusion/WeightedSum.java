package chorale.aggregator.fusion;

import chorale.protocol.Ranked;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The weighted sum of the probabilities: the largest sum wins. A score is the sum divided by the
 * weights of those who voted, which is a mean probability.
 *
 * <p>A vote weighs some function of its variant's weight. The weight itself is the paper's merge
 * (Asadi and Goudarzi, Variant Parallelism, IEEE Internet of Things Journal 11(1), 2024, arXiv
 * 2210.08376); 1 for all is the plain mean.
 *
 * <p><b>The bound.</b> Let S(c) be the sum of class c over the votes so far, L the leader, W the
 * sum of the weights that are missing. A vote adds to one class at most its whole weight (a
 * probability is at most 1) and never takes anything away. So, whoever of the missing answers, in
 * the end the leader has at least S(L) and any other class at most S(c) + W, where S(c) = 0 for a
 * class that nobody has named. If S(L) > S(c) + W for every other class, no completion changes the
 * winner; if not, and rounding aside, the completion in which all that is missing names c alone
 * does change it (or makes it equal), so the bound is also tight. Equality counts as undecided, and
 * the computed margin must exceed 1e-9 of all weights: for 1,000 variants the rounding of both sums
 * is below 1e-12 of them.
 *
 * <p><b>Liars.</b> A vote of weight w that gives p(L) and p(c) brings c nearer by at most w (1 +
 * p(L) - p(c)), when it gives all to c instead. Any f votes bring it nearer by the sum of the f
 * largest of these at most, and the voters of these can.
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
