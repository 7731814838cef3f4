package chorale.aggregator.fusion;

import java.util.List;

/**
 * One voice for each variant, given to its most likely class. A score is the share of the voices.
 *
 * <p><b>The bound.</b> With M voices missing, another class can reach at most its own plus M, and
 * the leader keeps what it has. Counts are whole numbers, so this is exact to the last tie, which
 * goes to the lower class index: the winner is fixed if it has more than every other class could
 * reach, or as many where its index is the lower one.
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
  public boolean isOutOfReach(List<Vote> votes, double... missingWeights) {
    int missing = missingWeights.length;
    ClassScores scores = scores(votes);
    int leader = scores.leader();
    int winner = scores.index(leader);
    double voices = scores.sum(leader);
    int namedBelow = 0;
    for (int i = 0; i < scores.size(); i++) {
      if (i != leader && !holds(voices, winner, scores.sum(i) + missing, scores.index(i))) {
        return false;
      }
      if (scores.index(i) < winner) {
        namedBelow++;
      }
    }
    boolean unnamed = scores.size() < votes.get(0).classCount();
    boolean unnamedBelow = namedBelow < winner;
    return !unnamed || holds(voices, winner, missing, unnamedBelow ? -1 : Integer.MAX_VALUE);
  }

  private static boolean holds(double voices, int winner, double reach, int index) {
    return voices > reach || (voices == reach && winner < index);
  }

  private static ClassScores scores(List<Vote> votes) {
    ClassScores scores = new ClassScores();
    for (Vote vote : votes) {
      scores.add(vote.first().index(), 1);
    }
    return scores;
  }
}
