package chorale.evaluation.attack;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.aggregator.trust.Agreements;
import chorale.protocol.Fusion;
import chorale.protocol.RequestKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A replay of one stream of requests with one choice of liars. It computes the decisions of all
 * fusion rules; every window waits for all votes. Used by one thread.
 *
 * <p>Each variant is one board. Rules that learn decide a request with the state learned from
 * earlier requests, as in the aggregator.
 */
final class Replay {
  private final List<Asked> stream;
  private final Optional<Attack> attack;
  private final Set<Integer> liars;
  private final int assumed;

  /**
   * One request.
   *
   * @param label index of the correct class
   * @param votes true votes of all boards, in the set's order
   */
  record Asked(int label, List<Vote> votes) {}

  /**
   * The counts for one rule.
   *
   * @param right correct decisions
   * @param certified decisions that withstand the number of liars (without liars: that withstand
   *     one)
   * @param falsely certified decisions that the liars changed
   */
  record Counts(int right, int certified, int falsely) {}

  /**
   * @param attack empty if all boards are honest
   */
  Replay(List<Asked> stream, Optional<Attack> attack, Set<Integer> liars) {
    this.stream = stream;
    this.attack = attack;
    this.liars = liars;
    this.assumed = Math.max(1, liars.size());
  }

  /** Returns the boards' votes for a request; empty for silent boards. */
  List<Optional<Vote>> told(int number, Asked asked) {
    List<Vote> votes = asked.votes();
    if (attack.isEmpty()) {
      return votes.stream().map(Optional::of).toList();
    }
    Attack.Situation situation = new Attack.Situation(number, stream.size(), honest(votes));
    List<Optional<Vote>> told = new ArrayList<>(votes.size());
    for (int board = 0; board < votes.size(); board++) {
      told.add(
          liars.contains(board)
              ? attack.get().told(situation, board, votes.get(board))
              : Optional.of(votes.get(board)));
    }
    return told;
  }

  private List<Vote> honest(List<Vote> votes) {
    List<Vote> honest = new ArrayList<>(votes.size());
    for (int board = 0; board < votes.size(); board++) {
      if (!liars.contains(board)) {
        honest.add(votes.get(board));
      }
    }
    return honest;
  }

  /** Returns the accuracy of the honest boards alone, under the default rule. */
  double honestAccuracy() {
    FusionRule rule = FusionRule.of(Fusion.DEFAULT);
    long right =
        stream.stream()
            .filter(asked -> rule.fuse(honest(asked.votes())).winner() == asked.label())
            .count();
    return (double) right / stream.size();
  }

  /** Returns the counts of every rule. */
  Map<Fusion, Counts> counts() {
    List<List<Vote>> told = new ArrayList<>(stream.size());
    for (int i = 0; i < stream.size(); i++) {
      told.add(told(i, stream.get(i)).stream().flatMap(Optional::stream).toList());
    }
    Map<Fusion, Counts> counts = new EnumMap<>(Fusion.class);
    for (Fusion fusion : Fusion.values()) {
      counts.put(fusion, counts(fusion, told));
    }
    return counts;
  }

  private Counts counts(Fusion fusion, List<List<Vote>> told) {
    FusionRule plain = FusionRule.of(fusion);
    Agreements agreements = new Agreements();
    int right = 0;
    int certified = 0;
    int falsely = 0;
    for (int i = 0; i < stream.size(); i++) {
      Asked asked = stream.get(i);
      List<Vote> votes = told.get(i);
      FusionRule rule = plain.learns() ? plain.without(agreements.outvoted()) : plain;
      Fused fused = rule.fuse(votes);
      right += fused.winner() == asked.label() ? 1 : 0;
      if (rule.withstands(votes) >= assumed) {
        certified++;
        falsely += rule.fuse(asked.votes()).winner() == fused.winner() ? 0 : 1;
      }
      if (plain.learns()) {
        RequestKey key = new RequestKey(i, 0);
        votes.forEach(vote -> agreements.hear(key, vote.variant(), vote));
      }
    }
    return new Counts(right, certified, falsely);
  }

  /** Returns all choices of this number of liars among the boards. */
  static List<Set<Integer>> choices(int boards, int liars) {
    List<Set<Integer>> choices = new ArrayList<>();
    for (int chosen = 0; chosen < 1 << boards; chosen++) {
      if (Integer.bitCount(chosen) == liars) {
        Set<Integer> choice = new HashSet<>();
        for (int board = 0; board < boards; board++) {
          if ((chosen & 1 << board) != 0) {
            choice.add(board);
          }
        }
        choices.add(choice);
      }
    }
    return choices;
  }
}
