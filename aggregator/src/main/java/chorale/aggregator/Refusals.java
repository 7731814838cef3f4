package chorale.aggregator;

import chorale.protocol.Fleet;
import chorale.protocol.Reply.Author;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A bounded log of workers whose replies do not count: one line for each worker and reason, for at
 * most {@link Fleet#MAX_MEMBERS} workers. Owned by the aggregator's thread.
 */
final class Refusals {
  private static final System.Logger LOG = System.getLogger(Refusals.class.getName());

  /** The last reason by worker. */
  private final Map<String, String> reasons = new HashMap<>();

  private final Set<String> liars = new HashSet<>();

  /** Reports a worker whose announcement does not fit the site. */
  void report(String worker, String reason) {
    boolean known = reasons.containsKey(worker);
    if ((known || reasons.size() < Fleet.MAX_MEMBERS)
        && !reason.equals(reasons.put(worker, reason))) {
      LOG.log(Level.WARNING, "worker {0}: its replies do not count: {1}", worker, reason);
    }
  }

  /** Clears an accepted worker's reason, so that another refusal is logged again. */
  void accepted(String worker) {
    reasons.remove(worker);
  }

  /** Reports a reply from a network that its worker has not announced. */
  void reportReply(Author announced, Author replied) {
    if (liars.size() < Fleet.MAX_MEMBERS && liars.add(announced.worker())) {
      LOG.log(
          Level.WARNING,
          "worker {0}: replies that differ from its info do not count: {1}, announced {2};"
              + " restart it, or find out who else sends replies in its name",
          announced.worker(),
          network(replied),
          network(announced));
    }
  }

  private static String network(Author author) {
    return author.variant()
        + " with alpha "
        + author.alpha()
        + ", input "
        + author.inputSize()
        + ", "
        + author.classCount()
        + " classes";
  }
}
