package chorale.aggregator.fusion;

import java.util.List;

/**
 * Majority vote: each variant gives one point to its most likely class. A score is the share of the
 * points.
 *
 * <p><b>The bound.</b> With M votes missing, another class can gain at most M points, and the
 * leader keeps its points. Counts are integers, so that the bound is exact even for ties, which go
 * to the lower class index. The winner is fixed if it has more points than every other class can
 * reach, or as many with a lower index.
 *
 * <p><b>Liars.</b> A liar can move its vote to another class. The leader's lead over that class
 * shrinks by 2 if the vote was for the leader, by 1 if it was for a third class.
 */
final class Majority implements FusionRule {
  @Override
  public Fused fuse(List<Vote> votes) {
    List<Vote> ordered = Votes.inOrder(votes);
    int n = ordered.size();
    List<Fused.Scored> ranked = scores(ordered).ranked(voices -> voices / n);
    return new Fused(ranked, Votes.meanProbability(ordered, ranked.get(0).index()));
  }

  @Override
  public boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars) {
    int missing = missingWeights.length;
    ClassScores scores = scores(votes);
    int leader = scores.leader();
    int winner = scores.index(leader);
    double voices = scores.sum(leader);
    int namedBelow = 0;
    for (int i = 0; i < scores.size(); i++) {
      int rival = scores.index(i);
      if (i != leader
          && !holds(
              voices,
              winner,
              scores.sum(i) + missing + taken(liars, votes, winner, rival),
              rival)) {
        return false;
      }
      if (rival < winner) {
        namedBelow++;
      }
    }
    boolean unnamed = scores.size() < votes.get(0).classCount();
    boolean unnamedBelow = namedBelow < winner;
    double reach = missing + taken(liars, votes, winner, ClassScores.UNNAMED);
    return !unnamed || holds(voices, winner, reach, unnamedBelow ? -1 : Integer.MAX_VALUE);
  }

  private static double taken(int liars, List<Vote> votes, int winner, int rival) {
    return Votes.largest(liars, votes, vote -> swing(vote.first().index(), winner, rival));
  }

  private static double swing(int voice, int winner, int rival) {
    if (voice == rival) {
      return 0;
    }
    return voice == winner ? 2 : 1;
  }

  private static boolean holds(double voices, int winner, double reach, int index) {
    return voices > reach || (voices == reach && winner < index);
  }

  /** Returns the points of each class. */
  static ClassScores scores(List<Vote> votes) {
    ClassScores scores = new ClassScores();
    for (Vote vote : votes) {
      scores.add(vote.first().index(), 1);
    }
    return scores;
  }
}
