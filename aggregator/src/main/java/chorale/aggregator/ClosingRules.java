package chorale.aggregator;

import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Result.DecidedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rules by which a window closes before its deadline. Immutable.
 *
 * @param quorum number of variants whose votes are enough; 0 is off
 * @param bound whether a window closes once the missing votes cannot change the class
 * @param withstand number of voters that may lie, for the bound
 */
record ClosingRules(FusionRule rule, int quorum, boolean bound, int withstand) {

  /**
   * Returns the first reason that applies. A window without expected workers waits for its deadline
   * unless it has its quorum.
   */
  Optional<DecidedBy> closing(Window window) {
    boolean pending = false;
    boolean settled = false;
    for (VariantState state : window.states()) {
      pending |= state.isPending();
      settled |= state.isSettled();
    }
    if (settled && !pending) {
      return Optional.of(DecidedBy.ALL);
    }
    if (bound && pending && isDecided(window, withstand)) {
      return Optional.of(DecidedBy.BOUND);
    }
    if (quorum > 0 && window.votes() >= quorum) {
      return Optional.of(DecidedBy.QUORUM);
    }
    return Optional.empty();
  }

  /**
   * Returns whether the answer is final for the tiers asked so far: no vote of these tiers is
   * missing, or the missing votes cannot change the class. Unavailable variants count as missing.
   * Quarantined variants are left out.
   */
  boolean isDecided(Window window) {
    return isDecided(window, 0);
  }

  private boolean isDecided(Window window, int liars) {
    if (window.votes() == 0) {
      return false;
    }
    int open = 0;
    for (VariantState state : window.states()) {
      open += state.isOpen() ? 1 : 0;
    }
    if (open == 0) {
      return true;
    }
    double[] missing = new double[open];
    int at = 0;
    for (VariantState state : window.states()) {
      if (state.isOpen()) {
        missing[at++] = state.weight();
      }
    }
    return rule(window).decided(votes(window), missing, liars);
  }

  /** Returns the fusion rule without the window's outvoted variants. */
  FusionRule rule(Window window) {
    Set<String> outvoted = window.outvoted();
    return outvoted.isEmpty() ? rule : rule.without(outvoted);
  }

  /** Returns the votes in the order of variant ids. */
  static List<Vote> votes(Window window) {
    List<Vote> votes = new ArrayList<>(window.votes());
    for (VariantState state : window.states()) {
      if (state.vote().isPresent()) {
        votes.add(state.vote().get().vote());
      }
    }
    return votes;
  }
}
