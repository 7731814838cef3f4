package chorale.aggregator.fusion;

import java.util.Arrays;
import java.util.List;

/**
 * The trimmed mean: each class's mean probability without its highest and lowest value, if at least
 * 3 voted. A single vote therefore cannot move the mean out of the range of the other votes. A
 * class outside a vote's top-k counts as 0. Ties go to the class with the larger untrimmed mean.
 *
 * <p><b>The bound.</b> Let there be n votes, m missing votes and f liars. The worst case for the
 * winner is that the missing variants do not vote. Its sum is then at least that of its lowest n -
 * f probabilities, without the highest and lowest of them. The sum of another class is at most that
 * of its highest n - f probabilities, without the lowest of them, plus m + f - 1. This needs at
 * least 3 honest votes, because fewer are not trimmed.
 */
final class TrimmedMean implements FusionRule {
  private static final int LEAST = 3;

  /** Factor of the untrimmed sum, which breaks ties of trimmed sums. */
  private static final double SHARE = 1e-9;

  private static final double SLACK = 1e-6;

  @Override
  public Fused fuse(List<Vote> votes) {
    List<Vote> ordered = Votes.inOrder(votes);
    int kept = ordered.size() < LEAST ? ordered.size() : ordered.size() - 2;
    ClassScores scores = new ClassScores();
    ClassScores named = Votes.named(ordered);
    for (int i = 0; i < named.size(); i++) {
      double[] given = given(ordered, named.index(i));
      double trimmed = given.length < LEAST ? Votes.sum(given) : sum(given, 1, given.length - 1);
      scores.add(named.index(i), trimmed + SHARE * Votes.sum(given));
    }
    List<Fused.Scored> ranked = scores.ranked(sum -> Math.min(1, sum / kept));
    return new Fused(ranked, ranked.get(0).score());
  }

  @Override
  public boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars) {
    int n = votes.size();
    int others = missingWeights.length + liars;
    if (n - liars < LEAST) {
      return false;
    }
    List<Vote> ordered = Votes.inOrder(votes);
    int winner = fuse(ordered).winner();
    double least = sum(given(ordered, winner), 1, n - liars - 1);
    ClassScores named = Votes.named(ordered);
    double most = named.size() < ordered.get(0).classCount() ? others - 1 : 0;
    for (int i = 0; i < named.size(); i++) {
      if (named.index(i) != winner) {
        double[] given = given(ordered, named.index(i));
        most = Math.max(most, sum(given, liars + 1, n) + others - 1);
      }
    }
    return least - most > SLACK * (n + others);
  }

  /** Returns a class's probability in each vote, in ascending order. */
  private static double[] given(List<Vote> votes, int index) {
    double[] given = new double[votes.size()];
    for (int i = 0; i < given.length; i++) {
      given[i] = Votes.probability(votes.get(i), index);
    }
    Arrays.sort(given);
    return given;
  }

  private static double sum(double[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return sum;
  }
}
