package chorale.evaluation.attack;

import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.evaluation.attack.Replay.Asked;
import chorale.protocol.Ranked;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An exhaustive search for false certificates: for lies that change a decision certified to
 * withstand them. It is independent of the proofs: it tries every choice of the certified number of
 * liars, and every combination of their possible votes. A liar sends no vote, gives probability 1
 * to one class, or probability 0.5 each to two classes in the votes. Stateless.
 */
final class CertificateSearch {
  private CertificateSearch() {}

  /**
   * The result for one rule.
   *
   * @param certified windows that withstand at least one liar
   * @param falsely certified windows in which some lie changes the class
   */
  record Found(int certified, int falsely) {}

  static Found search(FusionRule rule, List<Asked> windows) {
    int certified = 0;
    int falsely = 0;
    for (Asked window : windows) {
      List<Vote> votes = window.votes();
      int liars = rule.withstands(votes);
      if (liars > 0) {
        certified++;
        falsely += holds(rule, votes, liars) ? 0 : 1;
      }
    }
    return new Found(certified, falsely);
  }

  private static boolean holds(FusionRule rule, List<Vote> votes, int liars) {
    int winner = rule.fuse(votes).winner();
    List<List<Ranked>> lies = lies(votes);
    for (Set<Integer> choice : Replay.choices(votes.size(), liars)) {
      List<Vote> told = new ArrayList<>();
      for (int board = 0; board < votes.size(); board++) {
        if (!choice.contains(board)) {
          told.add(votes.get(board));
        }
      }
      if (!holds(rule, told, choice.stream().map(votes::get).toList(), lies, winner)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether no lies of the remaining liars change the winner. */
  private static boolean holds(
      FusionRule rule, List<Vote> told, List<Vote> liars, List<List<Ranked>> lies, int winner) {
    if (liars.isEmpty()) {
      return told.isEmpty() || rule.fuse(told).winner() == winner;
    }
    List<Vote> rest = liars.subList(1, liars.size());
    if (!holds(rule, told, rest, lies, winner)) {
      return false;
    }
    Vote liar = liars.get(0);
    for (List<Ranked> lie : lies) {
      List<Vote> more = new ArrayList<>(told);
      more.add(new Vote(liar.variant(), liar.alpha(), liar.inputSize(), liar.classCount(), lie));
      if (!holds(rule, more, rest, lies, winner)) {
        return false;
      }
    }
    return true;
  }

  private static List<List<Ranked>> lies(List<Vote> votes) {
    List<List<Ranked>> lies = new ArrayList<>();
    for (int index = 0; index < votes.get(0).classCount(); index++) {
      lies.add(List.of(new Ranked(index, 1)));
    }
    List<Integer> named =
        votes.stream()
            .flatMap(vote -> vote.ranked().stream())
            .map(Ranked::index)
            .distinct()
            .toList();
    for (int one : named) {
      for (int other : named) {
        if (one < other) {
          lies.add(List.of(new Ranked(one, .5), new Ranked(other, .5)));
        }
      }
    }
    return lies;
  }
}
