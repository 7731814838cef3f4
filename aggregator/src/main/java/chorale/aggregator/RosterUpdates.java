package chorale.aggregator;

import chorale.protocol.Address;
import chorale.protocol.Fleet.Effect;
import chorale.protocol.Message;
import chorale.protocol.ReplyCodec;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;

/**
 * A handler of workers' status messages and key changes. It updates the roster, then applies the
 * change to the open windows. Owned by the aggregator's thread.
 */
final class RosterUpdates {
  private static final System.Logger LOG = System.getLogger(RosterUpdates.class.getName());

  private final Roster roster;
  private final Decider decider;

  RosterUpdates(Roster roster, Decider decider) {
    this.roster = roster;
    this.decider = decider;
  }

  void hear(Address.Status status, Message message) {
    String worker = status.name();
    boolean wasAvailable = roster.isAvailable(worker);
    Optional<WorkerInfo> before = roster.info(worker);
    Effect effect = roster.hear(status, message.payload());
    report(worker, effect);
    reportSchema(worker, before);
    boolean isLost =
        status.kind() == StatusKind.AVAILABILITY
            ? !message.payload().equals(StatusCodec.ONLINE)
            : effect instanceof Effect.Changed && hasMoved(before, roster.info(worker));
    if (isLost) {
      decider.lost(worker, true);
    }
    boolean isAvailable = roster.isAvailable(worker);
    if (isAvailable != wasAvailable) {
      LOG.log(Level.INFO, "worker {0} is {1}", worker, isAvailable ? "available" : "not available");
    }
    decider.joined(worker, message.retain());
  }

  /** Reloads the keys; removed workers are no longer expected. */
  void refreshTrust(TrustedWorkers trusted, long now) {
    Set<String> changed = trusted.refresh(now);
    if (changed.isEmpty()) {
      return;
    }
    roster.trustChanged();
    for (String worker : changed) {
      if (trusted.trusts(worker)) {
        decider.joined(worker, false);
      } else {
        decider.lost(worker, true);
      }
    }
  }

  /** Warns once per start of a worker whose reply schema differs from this version's. */
  private void reportSchema(String worker, Optional<WorkerInfo> before) {
    Optional<WorkerInfo> now = roster.info(worker);
    if (now.isEmpty() || now.get().replySchema() == ReplyCodec.SCHEMA || now.equals(before)) {
      return;
    }
    boolean isOlder = now.get().replySchema() < ReplyCodec.SCHEMA;
    LOG.log(
        Level.WARNING,
        "worker {0} (version {1}) sends replies of schema {2}, but this aggregator uses {3}: {4}",
        worker,
        now.get().version(),
        now.get().replySchema(),
        ReplyCodec.SCHEMA,
        isOlder
            ? "its replies count, but lack optional fields, such as details of errors; update the"
                + " worker"
            : "its replies do not count; update the aggregator");
  }

  private void report(String worker, Effect effect) {
    if (effect instanceof Effect.Full) {
      decider.counters().add(Counter.ROSTER_FULL);
    } else if (effect instanceof Effect.Malformed malformed) {
      decider.counters().add(Counter.STATUS_MALFORMED);
      LOG.log(
          Level.WARNING, "ignored a status message of worker {0}: {1}", worker, malformed.detail());
    }
  }

  /** Returns whether a worker has left the roster, or its variant or assignment has changed. */
  private static boolean hasMoved(Optional<WorkerInfo> before, Optional<WorkerInfo> after) {
    return after.isEmpty()
        || (before.isPresent()
            && !(before.get().author().variant().equals(after.get().author().variant())
                && before.get().assignment().equals(after.get().assignment())));
  }
}
