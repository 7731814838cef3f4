package chorale.aggregator;

import chorale.config.ReplyKeys;
import chorale.protocol.LogLimit;
import chorale.protocol.ReceivedReply;
import chorale.protocol.Reply.Author;
import chorale.protocol.Signer;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The set of workers whose replies are accepted. On a site with reply keys, these are the workers
 * with a key, and only their signed replies count. On other sites, these are all workers. Rejected
 * replies are counted, and logged within a {@link LogLimit}. Owned by the aggregator's thread,
 * which reloads the keys every second.
 */
final class TrustedWorkers {
  static final long REREAD_NANOS = 1_000_000_000L;

  private static final System.Logger LOG = System.getLogger(TrustedWorkers.class.getName());

  private final Optional<ReplyKeys> keys;

  /** Cached signers, because looking up the algorithm takes longer than a check. */
  private final Map<String, Signer> signers = new HashMap<>();

  private final LogLimit limit = new LogLimit();
  private long rereadNanos;

  TrustedWorkers(Optional<ReplyKeys> keys, long nowNanos) {
    this.keys = keys;
    this.rereadNanos = nowNanos + REREAD_NANOS;
    load();
  }

  private void load() {
    signers.clear();
    keys.ifPresent(
        each -> each.byWorker().forEach((worker, key) -> signers.put(worker, new Signer(key))));
  }

  boolean trusts(String worker) {
    return keys.isEmpty() || signers.containsKey(worker);
  }

  /** Returns why a worker is not trusted, and what to do. */
  String reason() {
    return keys.map(ReplyKeys::toString).orElse("")
        + " has no key for it; if the worker is yours, add its key";
  }

  // ---- keys that change

  /**
   * Reloads the keys if that is due.
   *
   * @return the workers whose trust has changed
   */
  Set<String> refresh(long nowNanos) {
    if (nanosUntilRefresh(nowNanos) > 0) {
      return Set.of();
    }
    rereadNanos = nowNanos + REREAD_NANOS;
    if (!keys.orElseThrow().refresh()) {
      return Set.of();
    }
    Set<String> before = Set.copyOf(signers.keySet());
    load();
    LOG.log(Level.INFO, "{0}: reloaded, {1} keys", keys.get(), signers.size());
    Set<String> changed = new HashSet<>(before);
    changed.addAll(signers.keySet());
    changed.removeIf(each -> before.contains(each) && signers.containsKey(each));
    return changed;
  }

  /** Returns the time until the next reload; {@code Long.MAX_VALUE} without keys. */
  long nanosUntilRefresh(long nowNanos) {
    return keys.isEmpty() ? Long.MAX_VALUE : rereadNanos - nowNanos;
  }

  // ---- replies

  /**
   * Checks a reply whose author is the worker of its topic. The signature is checked last because
   * it is the most expensive check.
   *
   * @return the counter of the rejection; empty if the reply is accepted
   */
  Optional<Counter> disbelieve(ReceivedReply received, long arrivedNanos) {
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    String worker = received.reply().author().worker();
    Signer author = signers.get(worker);
    if (author == null) {
      return disbelieved(Counter.FOREIGN, worker, reason(), arrivedNanos);
    }
    if (!received.isSigned()) {
      return disbelieved(
          Counter.UNSIGNED,
          worker,
          "they are not signed; set worker.reply-key-file on the worker's board",
          arrivedNanos);
    }
    return received.isSignedBy(author)
        ? Optional.empty()
        : disbelieved(
            Counter.FORGED,
            worker,
            "they are not signed with its key in %s; give it that key, or find out who else sends"
                    .formatted(keys.get())
                + " in its name",
            arrivedNanos);
  }

  /**
   * Returns whether a signed reply is from another session than the worker's announced one, that
   * is, recorded and sent again.
   */
  boolean isReplayed(Author author, long announcedSession, long arrivedNanos) {
    if (keys.isEmpty() || author.session() == announcedSession) {
      return false;
    }
    report(
        Counter.REPLAYED,
        author.worker(),
        "they are not from the session that the worker has announced; find out who sends old replies"
            + " again",
        arrivedNanos);
    return true;
  }

  private Optional<Counter> disbelieved(
      Counter as, String worker, String reason, long arrivedNanos) {
    report(as, worker, reason, arrivedNanos);
    return Optional.of(as);
  }

  /** Logs, within the limit, that replies on a worker's topics do not count. */
  void report(Counter as, String worker, String reason, long arrivedNanos) {
    if (limit.allows(as + " " + worker, arrivedNanos)) {
      LOG.log(
          Level.WARNING,
          "replies of {0} are rejected: {1}; further ones are only counted",
          worker,
          reason);
    }
  }
}
