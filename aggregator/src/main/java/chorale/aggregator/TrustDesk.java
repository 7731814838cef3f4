package chorale.aggregator;

import chorale.aggregator.trust.Quarantine;
import chorale.aggregator.trust.Quarantine.Change;
import chorale.protocol.Address;
import chorale.protocol.LogLimit;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.Topics;
import chorale.protocol.Trust;
import chorale.protocol.TrustCodec;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A synchronizer between {@link Quarantine} and the trust topics, which hold the authoritative list
 * of quarantined workers. It publishes the decisions of this aggregator there and applies the
 * decisions of others. After a reconnect, it publishes decisions again that the broker has lost.
 * Owned by the aggregator's thread; times are nanoseconds of its ticker.
 */
final class TrustDesk {
  /** Time after a connect by which all retained messages have arrived. */
  static final long TOLD_NANOS = 1_000_000_000L;

  private static final System.Logger LOG = System.getLogger(TrustDesk.class.getName());

  private final Quarantine quarantine;
  private final Roster roster;
  private final Topics topics;
  private final Consumer<Message> publisher;
  private final Counters counters;
  private final TrustCodec codec = new TrustCodec();
  private final LogLimit limit = new LogLimit();

  /** Workers whose trust has arrived since the last connect. */
  private final Set<String> told = new HashSet<>();

  private OptionalLong tellNanos = OptionalLong.empty();

  TrustDesk(
      Quarantine quarantine,
      Roster roster,
      Topics topics,
      Consumer<Message> publisher,
      Counters counters) {
    this.quarantine = quarantine;
    this.roster = roster;
    this.topics = topics;
    this.publisher = publisher;
    this.counters = counters;
  }

  // ---- the checks

  List<String> due(Collection<String> workers, long now) {
    return quarantine.due(workers, now);
  }

  void asked(String worker, long now) {
    quarantine.asked(worker, now);
  }

  void suspect(String worker, long now) {
    quarantine.suspect(worker, now);
  }

  /** Records a passed or failed check of a board. */
  void judged(String worker, boolean right, String why, long now) {
    counters.add(right ? Counter.CHECKS_RIGHT : Counter.CHECKS_WRONG);
    Optional<Trust> before = quarantine.trust(worker);
    Change change = quarantine.checked(worker, right, why, now);
    Trust after = quarantine.trust(worker).orElseThrow();
    if (!before.equals(Optional.of(after))) {
      publish(after);
      changed(before, after);
    }
    if (change == Change.ONE_TOO_MANY && limit.allows(worker, now)) {
      LOG.log(
          Level.WARNING,
          "worker {0} failed a check: {1}; its votes still count, because aggregator.withstand allows"
              + " no more quarantined boards (now {2}); decide with ''chorale trust''",
          worker,
          why,
          quarantine.quarantined());
    }
  }

  private void publish(Trust trust) {
    publisher.accept(Message.retained(topics.trust(trust.worker()), codec.encode(trust)));
  }

  // ---- the topics

  /** Handles a decision of an operator, of another aggregator, or of this one. */
  void hear(Address.Trust of, Message message, long now) {
    Trust trust;
    try {
      trust =
          message.payload().isEmpty()
              ? quarantine.unknown(of.worker())
              : codec.decodeTrust(of.worker(), message.payload());
    } catch (MalformedException e) {
      counters.add(Counter.STATUS_MALFORMED);
      LOG.log(
          Level.WARNING, "ignored the trust state of worker {0}: {1}", of.worker(), e.getMessage());
      return;
    }
    Optional<Trust> before = quarantine.trust(of.worker());
    boolean isOlder = before.filter(known -> known.since().isAfter(trust.since())).isPresent();
    if (message.retain() && isOlder) {
      return; // this aggregator publishes its newer decision again
    }
    told.add(of.worker());
    if (!before.equals(Optional.of(trust))) {
      quarantine.hear(trust, now);
      changed(before, trust);
    }
  }

  private void changed(Optional<Trust> before, Trust after) {
    if (before.filter(Trust::isQuarantined).isPresent() == after.isQuarantined()) {
      return;
    }
    roster.quarantineChanged();
    if (after.isQuarantined()) {
      LOG.log(
          Level.WARNING,
          "worker {0} is quarantined by {1}: {2}; its votes do not count",
          after.worker(),
          after.by(),
          after.reason());
    } else {
      LOG.log(
          Level.INFO,
          "the votes of worker {0} count again; decided by {1}",
          after.worker(),
          after.by());
    }
  }

  void connected(long now) {
    told.clear();
    tellNanos = OptionalLong.of(now + TOLD_NANOS);
  }

  /** Publishes the decisions that the broker has lost, once they are overdue. */
  void advance(long now) {
    if (tellNanos.isPresent() && now - tellNanos.getAsLong() >= 0) {
      tellNanos = OptionalLong.empty();
      for (Trust each : quarantine.all()) {
        if (!told.contains(each.worker()) && each.tells()) {
          publish(each);
        }
      }
    }
  }
}
