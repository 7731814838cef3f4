package chorale.aggregator.fusion;

import chorale.protocol.Ranked;
import java.util.List;

/**
 * The product of the probabilities, as a sum of logarithms. A class outside a vote's top-k gets an
 * equal part of what the top-k leaves, {@code (1 - sum) / (C - k)}; no class gets less than 1e-6 of
 * any voter. Scores are geometric means. Only classes that somebody named take part.
 *
 * <p><b>The bound.</b> One more vote adds between log(1e-6) and log(1) = 0 to every class, so it
 * can bring a class nearer to the leader by at most log(1e6), and does so when it names that class
 * with probability 1. So with M votes missing the winner is fixed if its lead over every other
 * class, those that nobody has named included, exceeds M log(1e6); if fewer than M come, they can
 * do less. The computed lead must exceed this by 1e-9 of the largest possible sum, far above the
 * rounding of 1,000 additions.
 *
 * <p><b>Liars.</b> A vote that gives l(L) and l(c) brings c nearer by at most log(1e6) + l(L) -
 * l(c), when it names c with probability 1 instead. The winner must also be named by somebody else.
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

  /** The logarithm of what a class outside the top-k gets. */
  private static double outside(Vote vote) {
    double left = 1;
    for (Ranked ranked : vote.ranked()) {
      left -= ranked.probability();
    }
    int classes = vote.classCount() - vote.ranked().size();
    return StrictMath.log(classes == 0 ? FLOOR : Math.max(FLOOR, left / classes));
  }
}
