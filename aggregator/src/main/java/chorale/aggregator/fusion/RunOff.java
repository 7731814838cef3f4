package chorale.aggregator.fusion;

import java.util.ArrayList;
import java.util.List;

/**
 * Run-off election in two rounds. In the first round, each variant votes for its most likely class,
 * and the two classes with the most votes advance. In the second round, each variant votes for the
 * one that it ranks higher, or for neither. Ties go to the lower class index. Scores are shares of
 * the votes: of the second round for the two finalists, of the first round for all others, capped
 * at the score of the class before. After Rezaei and others, Run-Off Election: Improved Provable
 * Defense against Data Poisoning Attacks, 2023, arXiv 2302.02300.
 *
 * <p><b>The bound.</b> The winner L must stay ahead in both rounds. In the second round, another
 * class c beats L if more variants prefer c. A missing vote reduces L's lead by 1. A liar reduces
 * it by 2 if it preferred L, and by 1 if it preferred neither. In the first round, L can be
 * eliminated if two other classes have at least as many votes as L. Each missing vote and each liar
 * adds one vote to one of these two classes, and a liar can also take one vote from L. The bound
 * ignores whether c can reach the second round at all, so that it is not tight.
 */
final class RunOff implements FusionRule {
  @Override
  public Fused fuse(List<Vote> votes) {
    List<Vote> ordered = Votes.inOrder(votes);
    double n = ordered.size();
    List<Fused.Scored> first = Majority.scores(ordered).ranked(voices -> voices / n);
    List<Fused.Scored> ranked = new ArrayList<>(first);
    if (first.size() > 1) {
      int one = first.get(0).index();
      int other = first.get(1).index();
      int lead = lead(ordered, one, other);
      int winner = lead > 0 || (lead == 0 && one < other) ? one : other;
      int loser = winner == one ? other : one;
      ranked.set(0, new Fused.Scored(winner, preferring(ordered, winner, loser) / n));
      ranked.set(1, new Fused.Scored(loser, preferring(ordered, loser, winner) / n));
      double most = ranked.get(1).score();
      for (int i = 2; i < ranked.size(); i++) {
        most = Math.min(most, ranked.get(i).score());
        ranked.set(i, new Fused.Scored(ranked.get(i).index(), most));
      }
    }
    return new Fused(ranked, Votes.meanProbability(ordered, ranked.get(0).index()));
  }

  @Override
  public boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars) {
    int missing = missingWeights.length;
    List<Vote> ordered = Votes.inOrder(votes);
    int winner = fuse(ordered).winner();
    ClassScores voices = Majority.scores(ordered);
    return staysIn(voices, winner, missing, liars, ordered.get(0).classCount())
        && winsAgainstAll(ordered, winner, missing, liars);
  }

  private static boolean staysIn(
      ClassScores voices, int winner, int missing, int liars, int classCount) {
    if (classCount < 3) {
      return true;
    }
    double own = 0;
    double second = 0;
    double third = 0;
    for (int i = 0; i < voices.size(); i++) {
      double sum = voices.sum(i);
      if (voices.index(i) == winner) {
        own = sum;
      } else if (sum > second) {
        third = second;
        second = sum;
      } else {
        third = Math.max(third, sum);
      }
    }
    double left = Math.max(0, own - liars);
    return Math.max(0, left - second) + Math.max(0, left - third) > missing + liars;
  }

  private static boolean winsAgainstAll(List<Vote> votes, int winner, int missing, int liars) {
    ClassScores named = Votes.named(votes);
    if (named.size() < votes.get(0).classCount()
        && !wins(votes, winner, ClassScores.UNNAMED, missing, liars)) {
      return false;
    }
    for (int i = 0; i < named.size(); i++) {
      if (named.index(i) != winner && !wins(votes, winner, named.index(i), missing, liars)) {
        return false;
      }
    }
    return true;
  }

  private static boolean wins(List<Vote> votes, int winner, int rival, int missing, int liars) {
    double taken =
        missing + Votes.largest(liars, votes, vote -> 1 + preference(vote, winner, rival));
    return lead(votes, winner, rival) > taken;
  }

  /** Returns how many more variants prefer {@code one} to {@code other}. */
  private static int lead(List<Vote> votes, int one, int other) {
    int lead = 0;
    for (Vote vote : votes) {
      lead += preference(vote, one, other);
    }
    return lead;
  }

  private static double preferring(List<Vote> votes, int one, int other) {
    return votes.stream().filter(vote -> preference(vote, one, other) > 0).count();
  }

  /** Returns 1 if the vote prefers {@code one}, -1 if {@code other}, 0 if neither. */
  private static int preference(Vote vote, int one, int other) {
    return Double.compare(Votes.probability(vote, one), Votes.probability(vote, other));
  }
}
