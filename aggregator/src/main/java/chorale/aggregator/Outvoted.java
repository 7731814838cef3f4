package chorale.aggregator;

import chorale.aggregator.trust.Agreements;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Outcome.TopK;
import java.util.Set;
import java.util.TreeSet;

/**
 * The workers that the fusion rule does not count, because they agree too rarely with the others;
 * nobody, where the rule learns nothing. Logs each change, at most {@value #MAX_LINES}. Owned by
 * the aggregator's thread.
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

  /** A reply to a frame that was heard, in time or late: so all aggregators learn alike. */
  void hear(Reply reply) {
    String worker = reply.author().worker();
    if (rules.rule().learns()
        && reply.outcome() instanceof TopK topk
        && roster.info(worker).isPresent()
        && !roster.quarantined().contains(worker)) {
      agreements.hear(reply.key(), worker, Window.vote(reply.author(), topk));
    }
  }

  /** Those whose votes do not count from now on. */
  Set<String> refresh() {
    Set<String> now = agreements.outvoted();
    if (!now.equals(workers) && lines++ < MAX_LINES) {
      LOG.log(
          System.Logger.Level.INFO,
          "workers that agree too rarely with the others, whose votes do not count: {0}",
          new TreeSet<>(now));
    }
    workers = now;
    return now;
  }

  /** As of the last {@link #refresh}. */
  int size() {
    return workers.size();
  }
}
