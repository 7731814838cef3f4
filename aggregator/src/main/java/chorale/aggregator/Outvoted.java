package chorale.aggregator;

import chorale.aggregator.trust.Agreements;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Outcome.TopK;
import java.util.Set;
import java.util.TreeSet;

/**
 * The set of workers whose votes the fusion rule ignores because they agree too rarely with the
 * others ({@link Agreements}). It is empty unless the rule learns. Each change is logged, at most
 * {@value #MAX_LINES}. Owned by the aggregator's thread.
 */
final class Outvoted {
  private static final System.Logger LOG = System.getLogger(Outvoted.class.getName());
  private static final int MAX_LINES = 100;

  private final ClosingRules rules;
  private final Roster roster;
  private final Agreements agreements = new Agreements();
  private Set<String> workers = Set.of();
  private int lines;

  Outvoted(ClosingRules rules, Roster roster) {
    this.rules = rules;
    this.roster = roster;
  }

  /**
   * Learns from a reply to a known frame, in time or late, so that all aggregators learn the same.
   */
  void hear(Reply reply) {
    String worker = reply.author().worker();
    if (rules.rule().learns()
        && reply.outcome() instanceof TopK topk
        && roster.info(worker).isPresent()
        && !roster.quarantined().contains(worker)) {
      agreements.hear(reply.key(), worker, Window.vote(reply.author(), topk));
    }
  }

  /** Returns the workers whose votes do not count from now on. */
  Set<String> refresh() {
    Set<String> now = agreements.outvoted();
    if (!now.equals(workers) && lines++ < MAX_LINES) {
      LOG.log(
          System.Logger.Level.INFO,
          "workers whose votes do not count, because they agree too rarely with others: {0}",
          new TreeSet<>(now));
    }
    workers = now;
    return now;
  }

  /** Returns the number of workers at the last {@link #refresh}. */
  int size() {
    return workers.size();
  }
}
