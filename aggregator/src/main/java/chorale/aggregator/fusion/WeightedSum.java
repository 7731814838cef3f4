package chorale.aggregator.fusion;

import chorale.protocol.Ranked;
import java.util.List;

/**
 * The arithmetic of {@link ScaledSum} and {@link Mean}, which differ in their weights alone.
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
 */
final class WeightedSum {
  private static final double SLACK = 1e-9;

  private WeightedSum() {}

  static Fused fuse(List<Vote> votes, double... weights) {
    ClassScores scores = scores(votes, weights);
    double total = Votes.sum(weights);
    List<Fused.Scored> ranked = scores.ranked(sum -> sum / total);
    return new Fused(ranked, ranked.get(0).score());
  }

  static boolean decided(List<Vote> votes, double[] weights, double[] missing) {
    double heard = Votes.sum(weights);
    double left = Votes.sum(missing);
    if (heard <= left) {
      return false;
    }
    ClassScores scores = scores(votes, weights);
    int leader = scores.leader();
    double rival = scores.strongestRival(leader, votes.get(0).classCount(), 0);
    return scores.sum(leader) - rival - left > SLACK * (heard + left);
  }

  private static ClassScores scores(List<Vote> votes, double... weights) {
    ClassScores scores = new ClassScores();
    for (int i = 0; i < weights.length; i++) {
      for (Ranked ranked : votes.get(i).ranked()) {
        scores.add(ranked.index(), weights[i] * ranked.probability());
      }
    }
    return scores;
  }
}
