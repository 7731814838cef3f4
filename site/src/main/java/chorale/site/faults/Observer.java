package chorale.site.faults;

import chorale.protocol.Address;
import chorale.protocol.AggregatorInfo;
import chorale.protocol.Bytes;
import chorale.protocol.Fleet;
import chorale.protocol.Fleet.Member;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.site.faults.History.Gone;
import chorale.site.faults.History.Outage;
import chorale.site.faults.History.Present;
import chorale.site.faults.History.Told;
import chorale.site.faults.History.Vote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An observer of all messages on the site: a separate client that adds them to the history with
 * their time of arrival. Not thread-safe.
 */
final class Observer implements Service {
  private static final long TURN_NANOS = Duration.ofMillis(20).toNanos();

  private final Topics topics;
  private final History history;
  private final Members members;
  private final Inbox inbox = new Inbox(100_000, 256L << 20);
  private final Bus bus;

  private final Fleet workers = new Fleet();
  private final StatusCodec status = new StatusCodec();
  private final ResultCodec results = new ResultCodec();
  private final ReplyCodec replies = new ReplyCodec();
  private boolean subscribed;
  private final Absence absence = new Absence(System.nanoTime());

  Observer(Topics topics, History history, Members members, BusFactory buses) {
    this.topics = topics;
    this.history = history;
    this.members = members;
    List<Subscription> subscriptions = new ArrayList<>();
    for (Role role : Role.values()) {
      subscriptions.add(
          Subscription.withRetained(topics.statusFilter(role, StatusKind.AVAILABILITY)));
      subscriptions.add(Subscription.withRetained(topics.statusFilter(role, StatusKind.INFO)));
    }
    subscriptions.add(Subscription.live(topics.resultFilter()));
    subscriptions.add(Subscription.live(topics.replyFilter()));
    subscriptions.add(Subscription.live(topics.imageFilter()));
    this.bus = buses.open(Session.of("chorale-watch-" + topics.site(), subscriptions), inbox);
  }

  @Override
  public long runOnce() throws ServiceEndedException {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      BusEvent event = next.get();
      if (event instanceof BusEvent.Delivered delivered) {
        absence.heard(delivered.arrivedNanos());
        hear(delivered.message(), delivered.arrivedNanos());
      } else if (event instanceof BusEvent.Subscribed) {
        away();
        subscribed = true;
      } else if (event instanceof BusEvent.Disconnected) {
        away();
        subscribed = false;
        members.forget(System.nanoTime());
        workers.forgetAll();
      } else if (event instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException("the observer's connection ended: " + ended.reason());
      }
    }
    members.advance(System.nanoTime());
    return TURN_NANOS;
  }

  private void away() {
    history.outages.add(new Outage(Cause.OBSERVER_AWAY, absence.changed(System.nanoTime())));
  }

  private void hear(Message message, long now) {
    Address address = topics.parse(message.topic());
    try {
      if (address instanceof Address.Image image) {
        history.heard.putIfAbsent(
            RequestKey.of(image.camera(), message.properties().correlation(), message.payload()),
            now);
      } else if (address instanceof Address.Reply) {
        reply(replies.decode(message.payload()));
      } else if (address instanceof Address.Result) {
        result(results.decode(message.payload()), now);
      } else if (address instanceof Address.Status each && each.role() == Role.AGGREGATOR) {
        aggregator(each, message.payload(), now);
      } else if (address instanceof Address.Status each) {
        worker(each, message.payload(), now);
      }
    } catch (MalformedException e) {
      history.note(Violation.Kind.INVENTED, message.topic(), "  malformed: " + e.getMessage());
    }
  }

  private void reply(Reply reply) {
    if (reply.outcome() instanceof Reply.Outcome.TopK top) {
      Reply.Author author = reply.author();
      history
          .replies
          .computeIfAbsent(reply.key(), any -> new HashSet<>())
          .add(Vote.of(author.worker(), author.variant(), top.ranked().get(0).probability()));
    }
  }

  private void result(Result result, long now) {
    if (!result.repeated()) {
      history.told.add(
          new Told(
              result.requestId(),
              result.camera(),
              result.origin(),
              result.answer().isPresent(),
              result.answered().stream()
                  .map(each -> Vote.of(each.worker(), each.variant(), each.probability()))
                  .toList(),
              detail(result),
              now));
    }
  }

  private static String detail(Result result) {
    return String.format(
        Locale.ROOT,
        "%s after %.0f ms by %s, votes %s",
        result.status().label(),
        result.latencyMillis(),
        result.decidedBy().label(),
        result.answered().stream().map(Result.Answered::variant).toList());
  }

  private void worker(Address.Status about, Bytes payload, long now) {
    var unused = workers.hear(about, payload);
    if (about.kind() == StatusKind.AVAILABILITY && payload.equals(StatusCodec.ONLINE)) {
      history.present.add(new Present(about.name(), now));
    }
  }

  private void aggregator(Address.Status about, Bytes payload, long now) throws MalformedException {
    if (about.kind() == StatusKind.AVAILABILITY) {
      boolean online = payload.equals(StatusCodec.ONLINE);
      members.heard(about.name(), online, now);
      if (!online) {
        history.gone.add(new Gone(about.name(), now));
      }
    } else if (about.kind() == StatusKind.INFO && !payload.isEmpty()) {
      AggregatorInfo info = status.decodeAggregatorInfo(payload);
      members.heard(about.name(), info.state(), now);
      history.present.add(new Present(about.name(), now));
    }
  }

  boolean isSubscribed() {
    return subscribed && bus.isConnected();
  }

  boolean isOnline(String worker) {
    return workers.isThere(new Member(Role.WORKER, worker));
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public void close() {
    bus.close();
  }
}
