package chorale.aggregator;

import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Result.DecidedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When a window may close before its deadline. Immutable.
 *
 * @param quorum variants whose votes suffice; 0 is off
 * @param bound whether a lead that cannot be overtaken closes a window
 * @param withstand voters that may lie, for the bound
 */
record ClosingRules(FusionRule rule, int quorum, boolean bound, int withstand) {

  /**
   * The first reason that holds. A window that expects nobody waits for its deadline, unless it has
   * its quorum.
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
   * Whether the answer is that of the whole roster: no variant is missing, or no vote of those that
   * are could change it. The unavailable ones are missing too, those whose votes do not count are
   * not.
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

  /** As it applies to this window's votes. */
  FusionRule rule(Window window) {
    Set<String> outvoted = window.outvoted();
    return outvoted.isEmpty() ? rule : rule.without(outvoted);
  }

  /** In the order of the variants' ids. */
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
