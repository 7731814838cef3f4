package chorale.aggregator;

import chorale.config.AggregatorSettings;
import chorale.protocol.Address;
import chorale.protocol.AggregatorInfo;
import chorale.protocol.AggregatorInfo.State;
import chorale.protocol.Bytes;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.TrustCodec;
import chorale.protocol.bus.NameClash;
import chorale.protocol.bus.ServiceEndedException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * The aggregator's membership in its site's group: announces itself, tracks the others, and rejoins
 * after others have taken over. Owned by the aggregator's thread.
 */
final class Membership {
  private static final System.Logger LOG = System.getLogger(Membership.class.getName());

  private final Identity identity;
  private final GroupRules rules;
  private final Group group;
  private final Decider decider;
  private final Publications publications;
  private final ResultPublisher publisher;
  private final Ticker ticker;
  private final StatusCodec codec = new StatusCodec();
  private final ResultCodec results = new ResultCodec();
  private final TrustCodec trust = new TrustCodec();

  private final NameClash clash;

  private boolean subscribed;

  /** Whether open windows have no assigned publisher yet. */
  private boolean unassigned = true;

  private Optional<Long> leaveNanos = Optional.empty();

  /** The aggregator's announcements to the group. */
  record Identity(AggregatorSettings settings, Topics topics, long session, String version) {
    Message announcement(State state, boolean asks, int seat, Duration open) {
      AggregatorInfo info =
          new AggregatorInfo(
              settings.name(),
              session,
              state,
              asks,
              seat,
              Math.toIntExact(open.toMillis()),
              settings.fusion().label(),
              Math.toIntExact(settings.deadline().toMillis()),
              settings.quorum(),
              settings.withstand(),
              version);
      return Message.retained(topic(StatusKind.INFO), new StatusCodec().encode(info));
    }

    Message availability(Bytes value) {
      return Message.retained(topic(StatusKind.AVAILABILITY), value);
    }

    String topic(StatusKind kind) {
      return topics.status(Role.AGGREGATOR, settings.name(), kind);
    }
  }

  Membership(
      Identity identity,
      GroupRules rules,
      Group group,
      Decider decider,
      Publications publications,
      ResultPublisher publisher,
      Ticker ticker) {
    this.identity = identity;
    this.clash = new NameClash("aggregator " + identity.settings().name(), identity.session());
    this.rules = rules;
    this.group = group;
    this.decider = decider;
    this.publications = publications;
    this.publisher = publisher;
    this.ticker = ticker;
  }

  // ---- the connection

  /** Handles a new connection, whose birth message has announced this aggregator as joining. */
  void connected() {
    subscribed = false;
    unassigned = true;
    group.join(ticker.nanos());
  }

  void subscribed() {
    subscribed = true;
    group.subscribed(ticker.nanos());
  }

  /** Leaves the open windows to the others, if there are any. */
  void disconnected() throws ServiceEndedException {
    subscribed = false;
    clash.disconnected();
    if (group.mayHaveOthers()) {
      drop();
    }
  }

  // ---- turns

  /** Takes the steps that are due. */
  void advance(long now) {
    if (unassigned && !group.isSettling(now)) {
      unassigned = false;
      group.sit();
      announce(false);
      publications.assign();
      decider.succeed();
    }
    if (group.advance(now)) {
      announce(false);
      publisher.publish(identity.availability(StatusCodec.ONLINE));
      publications.publishClasses();
    }
  }

  /**
   * Rejoins after a pause of the process.
   *
   * @return whether others have taken over the unread messages
   */
  boolean goesOn() {
    boolean others = group.hasOthers();
    if (others) {
      drop();
    }
    rejoin("its process was suspended");
    return others;
  }

  /** Rejoins the group. Windows that are still open stay open and get a new publisher. */
  private void rejoin(String reason) {
    LOG.log(
        Level.WARNING, "aggregator {0} rejoins the group: {1}", identity.settings().name(), reason);
    group.join(ticker.nanos());
    unassigned = true;
    if (subscribed) {
      group.subscribed(ticker.nanos());
    }
    announce(true);
  }

  private void drop() {
    decider.drop();
    publisher.discardWaiting();
  }

  private void announce(boolean asks) {
    long now = ticker.nanos();
    long turns = group.turns().toNanos();
    Duration open = Duration.ofNanos(decider.openUntil(now, turns) - now);
    publisher.publish(identity.announcement(group.state(), asks, group.seat(), open));
  }

  /** Begins an orderly stop. */
  void leave() {
    leaveNanos = Optional.of(ticker.nanos());
    group.leave(ticker.nanos());
    announce(false);
  }

  boolean hasLeft() {
    long now = ticker.nanos();
    return leaveNanos.isPresent()
        && (group.isLeavingTooLong(now)
            || (group.hasLetGo(now) && !decider.owes(leaveNanos.get() + rules.letGo().toNanos())));
  }

  // ---- the others

  /**
   * Handles a member's status; a retained one may be of a process that ended long ago.
   *
   * @param arrivedNanos arrival of the message, from which an announcement counts
   */
  void hear(Address.Status status, Message message, long arrivedNanos) {
    boolean isInfo = status.kind() == StatusKind.INFO;
    if (isInfo && !message.payload().isEmpty()) {
      announced(status.name(), message, arrivedNanos);
    } else if (!message.retain() && (isInfo || message.payload().equals(StatusCodec.OFFLINE))) {
      if (status.name().equals(identity.settings().name())) {
        gone();
      } else {
        group.gone(status.name(), ticker.nanos());
      }
    }
    succeed();
  }

  /** After a loss or silence of a member, the next member sends the asks and publishes. */
  private void succeed() {
    decider.succeed();
    publications.advanceAll();
  }

  /**
   * Rejoins when the last will of an earlier connection arrives late, because the others then treat
   * this aggregator as gone.
   */
  private void gone() {
    if (group.state() != State.LEAVING && group.hasOthers()) {
      drop();
      rejoin("the broker published the last will of its earlier connection");
    }
  }

  private void announced(String name, Message message, long arrivedNanos) {
    try {
      AggregatorInfo info = codec.decodeAggregatorInfo(message.payload());
      if (name.equals(identity.settings().name())) {
        clash.hear(info.session());
      } else if (name.equals(info.name()) && !message.retain()) {
        group.hear(info, arrivedNanos);
        boolean seatLost = group.isSeatLost();
        if (seatLost) {
          group.sit();
        }
        if (seatLost || info.asks()) {
          announce(false);
        }
      }
    } catch (MalformedException e) {
      decider.counters().add(Counter.STATUS_MALFORMED);
      LOG.log(Level.WARNING, "ignored the info of aggregator {0}: {1}", name, e.getMessage());
    }
  }

  /** Handles the notice of a check by a member, possibly this one. */
  void hearCheck(Message message, long arrivedNanos) {
    try {
      decider.check(trust.decodeNotice(message.payload()), arrivedNanos);
    } catch (MalformedException e) {
      decider.counters().add(Counter.STATUS_MALFORMED);
    }
  }

  /**
   * Handles a result of another member, or a retained one.
   *
   * @param unread whether others took over before it was read, because of a pause of this process
   *     or a loss of the connection; it then only updates the newest result
   */
  void hearResult(Message message, boolean unread) {
    try {
      Result result = results.decode(message.payload());
      if (decider.published(result, message.retain() || unread)
          && group.state() == State.READY
          && group.isReady(result.origin().aggregator())) {
        decider.counters().add(Counter.STEPPED_DOWN);
        rejoin(
            "aggregator "
                + result.origin().aggregator()
                + " published a result for a camera of this aggregator");
      }
      succeed();
    } catch (MalformedException e) {
      decider.counters().add(Counter.RESULTS_MALFORMED);
    }
  }
}
