package chorale.aggregator.fusion;

import chorale.protocol.Ranked;
import java.util.List;

/**
 * The product of the probabilities, as a sum of logarithms. A class outside a vote's top-k gets an
 * equal share of the remaining probability, {@code (1 - sum) / (C - k)}. Every class gets at least
 * 1e-6 from every voter. Scores are geometric means. A class that no vote names cannot win.
 *
 * <p><b>The bound.</b> One more vote adds between log(1e-6) and log(1) = 0 to every class. It
 * reduces the leader's lead over a class by at most log(1e6), if it names that class with
 * probability 1. With M votes missing, the winner is therefore fixed if its lead over every other
 * class, including classes without votes, exceeds M log(1e6). Fewer votes have less effect. The
 * computed lead must exceed this bound by 1e-9 of the largest possible sum, far above the rounding
 * error of 1,000 additions.
 *
 * <p><b>Liars.</b> A vote with log-probabilities l(L) and l(c) can reduce the lead over c by at
 * most log(1e6) + l(L) - l(c), by naming c with probability 1 instead. In addition, the winner
 * needs more votes that name it than there are liars; otherwise the liars could leave it without a
 * vote.
 */
final class Product implements FusionRule {
  private static final double FLOOR = 1e-6;
  private static final double REACH = -StrictMath.log(FLOOR);
  private static final double SLACK = 1e-9;

  @Override
  public Fused fuse(List<Vote> votes) {
    List<Vote> ordered = Votes.inOrder(votes);
    int n = ordered.size();
    List<Fused.Scored> ranked = scores(ordered).ranked(sum -> StrictMath.exp(sum / n));
    return new Fused(ranked, Votes.meanProbability(ordered, ranked.get(0).index()));
  }

  @Override
  public boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars) {
    int missing = missingWeights.length;
    if (votes.size() <= missing) {
      return false;
    }
    List<Vote> ordered = Votes.inOrder(votes);
    double unnamed = 0;
    for (Vote vote : ordered) {
      unnamed += outside(vote);
    }
    ClassScores scores = scores(ordered);
    int leader = scores.leader();
    int winner = scores.index(leader);
    if (liars > 0 && ordered.stream().filter(each -> names(each, winner)).count() <= liars) {
      return false;
    }
    double lead =
        scores.smallestLead(
            leader,
            ordered.get(0).classCount(),
            unnamed,
            rival ->
                missing * REACH
                    + Votes.largest(liars, ordered, vote -> swing(vote, winner, rival)));
    double slack = SLACK * REACH * (votes.size() + missing);
    return lead > slack;
  }

  private static double swing(Vote vote, int winner, int rival) {
    double outside = outside(vote);
    return REACH + inside(vote, winner, outside) - inside(vote, rival, outside);
  }

  private static boolean names(Vote vote, int index) {
    return vote.ranked().stream().anyMatch(each -> each.index() == index);
  }

  private static ClassScores scores(List<Vote> votes) {
    ClassScores scores = Votes.named(votes);
    int named = scores.size();
    for (Vote vote : votes) {
      double outside = outside(vote);
      for (int i = 0; i < named; i++) {
        scores.add(scores.index(i), inside(vote, scores.index(i), outside));
      }
    }
    return scores;
  }

  private static double inside(Vote vote, int index, double outside) {
    for (Ranked ranked : vote.ranked()) {
      if (ranked.index() == index) {
        return StrictMath.log(Math.max(FLOOR, ranked.probability()));
      }
    }
    return outside;
  }

  /** Returns the log-probability of a class outside the top-k. */
  private static double outside(Vote vote) {
    double left = 1;
    for (Ranked ranked : vote.ranked()) {
      left -= ranked.probability();
    }
    int classes = vote.classCount() - vote.ranked().size();
    return StrictMath.log(classes == 0 ? FLOOR : Math.max(FLOOR, left / classes));
  }
}
