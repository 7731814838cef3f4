package chorale.aggregator.fusion;

import chorale.protocol.Ranked;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Helpers of the fusion rules: validation, ordering and sums of votes. Stateless. */
final class Votes {
  private Votes() {}

  static List<Vote> inOrder(List<Vote> votes) {
    if (votes.isEmpty()) {
      throw new IllegalArgumentException("no votes to fuse");
    }
    List<Vote> ordered = votes;
    if (!isOrdered(votes)) {
      ordered = new ArrayList<>(votes);
      ordered.sort(Comparator.comparing(Vote::variant));
    }
    for (int i = 1; i < ordered.size(); i++) {
      Vote vote = ordered.get(i);
      if (vote.variant().equals(ordered.get(i - 1).variant())) {
        throw new IllegalArgumentException("two votes of variant " + vote.variant());
      }
      if (vote.classCount() != ordered.get(0).classCount()) {
        throw new IllegalArgumentException("votes over different class lists");
      }
    }
    return ordered;
  }

  private static boolean isOrdered(List<Vote> votes) {
    for (int i = 1; i < votes.size(); i++) {
      if (votes.get(i - 1).variant().compareTo(votes.get(i).variant()) > 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the mean probability of a class over the voters; a vote without the class counts as 0.
   */
  static double meanProbability(List<Vote> votes, int index) {
    double total = 0;
    for (Vote vote : votes) {
      total += probability(vote, index);
    }
    return total / votes.size();
  }

  /** Returns all classes named in some vote, each with the sum 0. */
  static ClassScores named(List<Vote> votes) {
    ClassScores named = new ClassScores();
    votes.forEach(vote -> vote.ranked().forEach(each -> named.add(each.index(), 0)));
    return named;
  }

  /** Returns a vote's probability of a class; 0 outside its top-k. */
  static double probability(Vote vote, int index) {
    for (Ranked each : vote.ranked()) {
      if (each.index() == index) {
        return each.probability();
      }
    }
    return 0;
  }

  /** Returns the sum of the {@code count} largest swings of the votes. */
  static double largest(int count, List<Vote> votes, ToDoubleFunction<Vote> swing) {
    if (count == 0) {
      return 0;
    }
    double[] swings = new double[votes.size()];
    for (int i = 0; i < swings.length; i++) {
      swings[i] = swing.applyAsDouble(votes.get(i));
    }
    Arrays.sort(swings);
    double sum = 0;
    for (int i = 1; i <= Math.min(count, swings.length); i++) {
      sum += swings[swings.length - i];
    }
    return sum;
  }

  static double sum(double... values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
