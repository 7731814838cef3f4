package chorale.aggregator.fusion;

import java.util.Arrays;
import java.util.List;

/**
 * The mean probability of each class without its highest and its lowest one, where at least three
 * voted: no single vote can lift or lower a class beyond what others give it. A class outside a
 * vote's top-k counts as 0 there. Of classes that are equal without these, the one with the larger
 * whole mean comes first.
 *
 * <p><b>The bound.</b> Let there be n votes, m missing ones and f liars. The winner keeps at least
 * its lowest n - f probabilities, without the highest and the lowest one of these, when all others
 * are silent. Another class has at most its highest n - f, without the lowest one of these, and m +
 * f - 1 times 1. At least three honest votes are needed for that, or nothing is trimmed.
 */
final class TrimmedMean implements FusionRule {
  private static final int LEAST = 3;

  /** Of the whole sum, to choose between classes whose trimmed sums are equal. */
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

  /** What the votes give to a class, the lowest first. */
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
