package chorale.aggregator.fusion;

import chorale.protocol.Ranked;
import java.util.List;

/**
 * The sum of the votes, each scaled by its weight; the largest sum wins. A score is the sum divided
 * by the weights of those who voted, which is a mean probability. Scaled by the variants' weights
 * it is the paper's merge (Asadi and Goudarzi, Variant Parallelism, IEEE Internet of Things Journal
 * 11(1), 2024, arXiv 2210.08376). Immutable.
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
 * @param scaled by the variants' weights; otherwise every vote weighs the same
 */
record WeightedSum(boolean scaled) implements FusionRule {
  private static final double SLACK = 1e-9;

  @Override
  public Fused fuse(List<Vote> votes) {
    List<Vote> ordered = Votes.inOrder(votes);
    ClassScores scores = scores(ordered);
    double total = weight(ordered);
    List<Fused.Scored> ranked = scores.ranked(sum -> sum / total);
    return new Fused(ranked, ranked.get(0).score());
  }

  @Override
  public boolean decided(List<Vote> votes, double... missingWeights) {
    if (votes.isEmpty() || missingWeights.length == 0) {
      return !votes.isEmpty();
    }
    List<Vote> ordered = Votes.inOrder(votes);
    double heard = weight(ordered);
    double left = 0;
    for (double missing : missingWeights) {
      left += scaled ? missing : 1;
    }
    if (heard <= left) {
      return false;
    }
    ClassScores scores = scores(ordered);
    int leader = scores.leader();
    double rival = scores.strongestRival(leader, votes.get(0).classCount(), 0);
    return scores.sum(leader) - rival - left > SLACK * (heard + left);
  }

  private double weight(Vote vote) {
    return scaled ? vote.weight() : 1;
  }

  private double weight(List<Vote> votes) {
    double sum = 0;
    for (Vote vote : votes) {
      sum += weight(vote);
    }
    return sum;
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
