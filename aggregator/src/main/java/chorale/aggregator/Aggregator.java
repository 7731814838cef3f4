package chorale.aggregator;

import chorale.aggregator.fusion.FusionRule;
import chorale.config.AggregatorSettings;
import chorale.protocol.AggregatorInfo;
import chorale.protocol.Bytes;
import chorale.protocol.Health;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestRules;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Strategy;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import chorale.protocol.Topics.Address;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The service that turns the workers' replies into one result for each request. One thread owns it
 * and everything in it; the bus reaches it through its inbox alone.
 *
 * <p>A turn drains the inbox of all that had arrived when the turn began, then closes the windows
 * whose deadline has passed: so a reply counts by when it arrived, not by when it was read. Memory
 * is bounded: the inbox ({@value #INBOX_MESSAGES} messages, {@value #INBOX_BYTES} bytes), the open
 * windows and the decided requests (settings), the early replies, the roster and the class lists
 * (constants of their classes).
 *
 * <p>Two aggregators on one site would decide everything twice. So one that finds another available
 * while it starts ends itself; one that already runs stays, and leaves it to the newcomer to go.
 */
public final class Aggregator implements Service {
  static final int INBOX_MESSAGES = 10_000;
  static final long INBOX_BYTES = 64L * 1024 * 1024;

  /** After the subscriptions are granted, until when another aggregator is looked out for. */
  static final long SETTLE_NANOS = 1_000_000_000L;

  private static final System.Logger LOG = System.getLogger(Aggregator.class.getName());

  // set once
  private final AggregatorSettings settings;
  private final Topics topics;
  private final Ticker ticker;
  private final Clock clock;
  private final Inbox inbox = new Inbox(INBOX_MESSAGES, INBOX_BYTES);
  private final Bus bus;
  private final ResultPublisher publisher;
  private final Decider decider;
  private final StatusCodec status = new StatusCodec();

  // changes as it runs
  private final long startedNanos;
  private long healthDueNanos;
  private Optional<Long> settledNanos = Optional.empty();

  /** The last other aggregator that was warned of. */
  private String other = "";

  /**
   * What an aggregator is given besides its settings.
   *
   * @param session a number that no earlier run of this aggregator had
   * @param version of the software, for people
   */
  public record Dependencies(
      BusFactory bus,
      ReplyCodec replies,
      Ticker ticker,
      Clock clock,
      long session,
      String version) {}

  /**
   * Starts connecting and returns at once.
   *
   * @throws IllegalArgumentException for a setting that is not allowed, naming it
   */
  public Aggregator(AggregatorSettings settings, Topics topics, Dependencies ports) {
    this.settings = settings;
    this.topics = topics;
    this.ticker = ports.ticker();
    this.clock = ports.clock();
    StrategyRules strategy =
        StrategyRules.of(settings.strategy(), FusionRule.named(settings.fusion()));
    int budgetMillis = Math.toIntExact(settings.deadline().toMillis());
    this.startedNanos = ticker.nanos();
    this.healthDueNanos = startedNanos + settings.healthEvery().toNanos();
    this.bus = ports.bus().open(session(ports), inbox);
    this.publisher = new ResultPublisher(bus, topics);
    RequestRules requests =
        new RequestRules(
            topics,
            new RequestRules.Defaults(budgetMillis, settings.k()),
            settings.responsePrefixes());
    this.decider =
        new Decider(
            new Decider.Dependencies(
                topics,
                requests,
                ports.replies(),
                strategy,
                new ClosingRules(strategy.fusion(), settings.quorum(), settings.bound()),
                publisher,
                ticker,
                clock),
            settings.openWindows(),
            settings.remembered());
  }

  /** Status first, so that the fleet is known before the first frame. */
  private Session session(Dependencies ports) {
    String availability = ownStatus(StatusKind.AVAILABILITY);
    AggregatorInfo info =
        new AggregatorInfo(
            settings.name(),
            ports.session(),
            settings.fusion(),
            Math.toIntExact(settings.deadline().toMillis()),
            settings.quorum(),
            ports.version());
    return new Session(
            "chorale-" + Role.AGGREGATOR.label() + '-' + settings.name(),
            List.of(
                Subscription.withRetained(
                    topics.statusFilter(Role.AGGREGATOR, StatusKind.AVAILABILITY)),
                Subscription.withRetained(topics.statusFilter(Role.WORKER, StatusKind.INFO)),
                Subscription.withRetained(
                    topics.statusFilter(Role.WORKER, StatusKind.AVAILABILITY)),
                Subscription.live(topics.replyFilter()),
                Subscription.live(topics.imageFilter())),
            Optional.of(Message.retained(availability, StatusCodec.OFFLINE)),
            List.of(
                Message.retained(ownStatus(StatusKind.INFO), new StatusCodec().encode(info)),
                Message.retained(availability, StatusCodec.ONLINE)))
        .withOversize();
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public long runOnce() throws ServiceEndedException {
    long now = ticker.nanos();
    drain(now);
    decider.closeDue(now);
    reportHealth(now);
    long next = decider.nanosUntilDue(now, healthDueNanos - now);
    return inbox.size() > 0 ? 0 : next;
  }

  /** Everything that had arrived by now, and no more than one message beyond. */
  private void drain(long now) throws ServiceEndedException {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      BusEvent event = next.get();
      if (event instanceof BusEvent.Delivered delivered) {
        delivered(delivered.message(), delivered.arrivedNanos());
        if (delivered.arrivedNanos() - now > 0) {
          return;
        }
      } else if (event instanceof BusEvent.Connected) {
        decider.reconnected();
      } else if (event instanceof BusEvent.Subscribed) {
        if (settledNanos.isEmpty()) {
          settledNanos = Optional.of(ticker.nanos() + SETTLE_NANOS);
        }
      } else if (event instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException(
            "aggregator " + settings.name() + " ends: " + ended.reason());
      }
    }
  }

  private void delivered(Message message, long arrivedNanos) throws ServiceEndedException {
    String topic = message.topic();
    if (decider.isReply(topic)) {
      decider.reply(message, arrivedNanos);
    } else if (decider.isImage(topic)) {
      decider.frame(message, arrivedNanos);
    } else {
      Optional<Address> address = topics.parse(topic);
      if (address.isPresent() && address.get() instanceof Address.Status of) {
        if (of.role() == Role.WORKER) {
          workerStatus(of, message);
        } else if (of.kind() == StatusKind.AVAILABILITY) {
          aggregatorStatus(of.name(), message);
        }
      }
    }
  }

  // ---- workers

  private void workerStatus(Address.Status of, Message message) {
    String worker = of.name();
    boolean wasAvailable = decider.roster().isAvailable(worker);
    boolean known = true;
    if (of.kind() == StatusKind.AVAILABILITY) {
      boolean online = message.payload().equals(StatusCodec.ONLINE);
      known = decider.roster().available(worker, online);
      if (!online) {
        decider.lost(worker, true);
      }
    } else if (of.kind() == StatusKind.INFO && message.payload().isEmpty()) {
      decider.roster().forget(worker);
      decider.lost(worker, true);
    } else if (of.kind() == StatusKind.INFO) {
      known = announced(worker, message.payload());
    }
    if (!known) {
      decider.counters().add(Counter.ROSTER_FULL);
    }
    boolean isAvailable = decider.roster().isAvailable(worker);
    if (isAvailable != wasAvailable) {
      LOG.log(
          System.Logger.Level.INFO,
          "worker {0} is {1}",
          worker,
          isAvailable ? "available" : "not available");
    }
    decider.joined(worker, message.retain());
  }

  private boolean announced(String worker, Bytes payload) {
    WorkerInfo info;
    try {
      info = status.decodeWorkerInfo(payload);
    } catch (MalformedException e) {
      decider.counters().add(Counter.STATUS_MALFORMED);
      LOG.log(System.Logger.Level.WARNING, "info of worker {0}: {1}", worker, e.getMessage());
      return true;
    }
    if (!info.author().worker().equals(worker)) {
      decider.counters().add(Counter.STATUS_MALFORMED);
      LOG.log(
          System.Logger.Level.WARNING,
          "info of worker {0} says it is of worker {1}; ignored",
          worker,
          info.author().worker());
      return true;
    }
    if (info.assignment().strategy() != settings.strategy()) {
      exclude(worker, info.assignment().strategy());
      return true;
    }
    decider.classLists().learn(info);
    if (decider.roster().moves(worker, info)) {
      decider.lost(worker, true);
    }
    return decider.roster().announced(worker, info);
  }

  /** Its votes would join those of networks that were not made to be joined with it. */
  private void exclude(String worker, Strategy other) {
    if (decider.roster().exclude(worker)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "worker {0} has strategy {1}, this site {2}: its replies are not counted (allowed: one"
              + " strategy a site; give it a site of its own)",
          worker,
          other.label(),
          settings.strategy().label());
    }
    decider.lost(worker, true);
  }

  // ---- other aggregators

  private void aggregatorStatus(String name, Message message) throws ServiceEndedException {
    if (name.equals(settings.name()) || !message.payload().equals(StatusCodec.ONLINE)) {
      return;
    }
    boolean first = message.retain() || decider.counters().get(Counter.FRAMES_OPENED) == 0;
    if (isStarting() && first) {
      throw new ServiceEndedException(
          "aggregator "
              + settings.name()
              + " does not start: aggregator "
              + name
              + " is available on site "
              + topics.site()
              + " (allowed: one a site; stop it, or use another site)");
    }
    if (!name.equals(other)) {
      other = name;
      LOG.log(
          System.Logger.Level.WARNING,
          "aggregator {0} has come online on site {1}; one a site is allowed, and it should end",
          name,
          topics.site());
    }
  }

  private boolean isStarting() {
    return settledNanos.isEmpty() || ticker.nanos() - settledNanos.get() < 0;
  }

  // ---- status

  private void reportHealth(long now) {
    if (now - healthDueNanos < 0) {
      return;
    }
    healthDueNanos = now + settings.healthEvery().toNanos();
    Health health = new Health(clock.instant(), (now - startedNanos) / 1_000_000_000L, counters());
    publisher.publish(
        Message.retained(ownStatus(StatusKind.HEALTH), status.encode(health))
            .with(MessageProperties.NONE.withContentType(ResultPublisher.JSON)));
  }

  /** All counters since the start and what is held now, by name. Its own thread's alone. */
  SortedMap<String, Long> counters() {
    SortedMap<String, Long> all = decider.counters().snapshot();
    all.put("open_windows", (long) decider.openWindows());
    all.put("waiting_replies", (long) decider.waitingReplies());
    all.put("remembered", (long) decider.remembered());
    all.put("roster", (long) decider.roster().size());
    all.put("inbox_dropped", inbox.dropped());
    all.put("publish_failed", publisher.failed());
    return all;
  }

  private String ownStatus(StatusKind kind) {
    return topics.status(Role.AGGREGATOR, settings.name(), kind);
  }

  @Override
  public void close() {
    bus.close();
  }
}
