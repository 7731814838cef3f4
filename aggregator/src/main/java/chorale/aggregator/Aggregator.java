package chorale.aggregator;

import chorale.aggregator.Decider.Shared;
import chorale.aggregator.Membership.Identity;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Thresholds;
import chorale.aggregator.strategy.SideBySide;
import chorale.aggregator.trust.Quarantine;
import chorale.config.AggregatorSettings;
import chorale.config.ReplyKeys;
import chorale.protocol.Address;
import chorale.protocol.AggregatorInfo.State;
import chorale.protocol.Health;
import chorale.protocol.Judgment;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.NearTopics;
import chorale.protocol.Request;
import chorale.protocol.RequestRules;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Strategy;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.access.ClientIds;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.variants.ModelSet;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The service that combines the workers' replies into one result for each request. One thread owns
 * it and all its state; the bus only adds to its inbox.
 *
 * <p>A turn first drains everything that was in the inbox at its start, then closes the windows
 * whose deadline has passed. A reply is therefore late or in time by its arrival, not by the moment
 * when it is read.
 *
 * <p>Memory is bounded. The inbox takes {@value #INBOX_MESSAGES} messages and 1/4 of the heap;
 * settings limit the open windows and the decided requests. Constants limit the early replies, the
 * roster, the site's models, the cameras' classes and the frames kept for checks.
 */
public final class Aggregator implements Service {
  static final int INBOX_MESSAGES = 50_000;
  private static final int INBOX_SHARE = 4;

  /** Maximum duration of a drain, far below {@link GroupRules#pause}. */
  private static final long LONGEST_DRAIN_NANOS = 100_000_000L;

  private static final int CLOCK_MESSAGES = 64;

  private final AggregatorSettings settings;
  private final Topics topics;
  private final Identity identity;
  private final Ticker ticker;
  private final Clock clock;
  private final Consumer<Map<String, Long>> machine;
  private final RequestRules requests;
  private final Inbox inbox =
      new Inbox(INBOX_MESSAGES, Runtime.getRuntime().maxMemory() / INBOX_SHARE, this::shed);
  private final Bus bus;
  private final ResultPublisher publisher;
  private final SteadyClasses classes;
  private final Decider decider;
  private final TrustedWorkers trusted;
  private final TrustDesk trust;
  private final Checks checks;
  private final Admission admission;
  private final RosterUpdates workers;
  private final Group group;
  private final Membership membership;
  private final StatusCodec status = new StatusCodec();

  private final long startedNanos;
  private OptionalLong turnNanos = OptionalLong.empty();
  private long healthDueNanos;

  /**
   * An aggregator's dependencies besides its settings.
   *
   * @param keys keys of the workers whose replies are accepted; empty if all replies are accepted
   * @param models the site's model set; empty if it is learned from the workers' announcements
   * @param session a number that no earlier run of this aggregator has used
   * @param version of the software, for people
   * @param machine adds the process's resource usage to the counters ({@link
   *     chorale.protocol.ProcessFigures})
   */
  public record Dependencies(
      BusFactory bus,
      Optional<ReplyKeys> keys,
      Optional<ModelSet> models,
      Ticker ticker,
      Clock clock,
      long session,
      String version,
      Consumer<Map<String, Long>> machine) {

    /** Returns the same dependencies with another bus and other keys, and without a model set. */
    Dependencies on(BusFactory other, Optional<ReplyKeys> others) {
      return new Dependencies(
          other, others, Optional.empty(), ticker, clock, session, version, machine);
    }
  }

  /**
   * Starts to connect and returns at once.
   *
   * @throws IllegalArgumentException a setting is not allowed; the message names it
   */
  public Aggregator(AggregatorSettings settings, Topics topics, Dependencies dependencies) {
    this(settings, topics, dependencies, GroupRules.STANDARD);
  }

  Aggregator(
      AggregatorSettings settings, Topics topics, Dependencies dependencies, GroupRules rules) {
    this.settings = settings;
    this.topics = topics;
    this.ticker = dependencies.ticker();
    this.clock = dependencies.clock();
    this.machine = dependencies.machine();
    this.startedNanos = ticker.nanos();
    this.healthDueNanos = startedNanos + settings.healthEvery().toNanos();
    this.identity = new Identity(settings, topics, dependencies.session(), dependencies.version());
    this.group = new Group(settings.name(), rules);
    SiteModels models =
        dependencies
            .models()
            .map(set -> SiteModels.configured(set, settings.strategy()))
            .orElseGet(SiteModels::learned);
    this.trusted = new TrustedWorkers(dependencies.keys(), startedNanos);
    Quarantine quarantine =
        new Quarantine(
            settings.withstand(), settings.checkEvery(), "aggregator " + settings.name(), clock);
    Roster roster = new Roster(settings.strategy(), models, trusted, quarantine);
    Shared shared =
        new Shared(
            new WindowTable(settings.openWindows()),
            new Decided(settings.remembered()),
            new Counters());
    ClosingRules closing =
        new ClosingRules(
            settings.strategy() == Strategy.CLASS
                ? new SideBySide()
                : FusionRule.of(settings.fusion()),
            settings.quorum(),
            settings.bound(),
            settings.withstand());
    Thresholds thresholds = new Thresholds(settings.minConfidence(), settings.minMargin());
    ResultBuilder builder =
        new ResultBuilder(
            closing,
            settings.strategy() == Strategy.CLASS ? SideBySide.LABEL : settings.fusion().label(),
            thresholds);
    this.requests =
        new RequestRules(
            topics,
            new RequestRules.Defaults(
                Math.toIntExact(settings.deadline().toMillis()), settings.k()),
            settings.responsePrefixes());
    Session session = session();

    // Nothing after this line can fail: otherwise the open bus would never be closed.
    this.bus = dependencies.bus().open(session, inbox);
    this.publisher = new ResultPublisher(bus, topics);
    this.classes = new SteadyClasses(settings.steady(), topics, publisher::publish);
    Publications publications =
        new Publications(
            new Publications.Dependencies(
                settings.name(), group, rules, builder, publisher, classes, ticker, clock),
            shared);
    Consumer<Message> out = publisher::publish;
    this.trust = new TrustDesk(quarantine, roster, topics, out, shared.counters());
    this.checks =
        new Checks(
            settings,
            new Checks.Dependencies(
                topics, roster, group, trust, out, shared.counters(), dependencies.session()),
            startedNanos);
    Escalator escalator =
        new Escalator(
            settings.escalate(),
            new Escalator.Dependencies(
                closing, topics, roster, group, out, shared.counters(), ticker));
    this.decider = new Decider(closing, roster, group, publications, checks, escalator, shared);
    NearMisses nearMisses = new NearMisses(topics.site());
    this.admission = new Admission(requests, trusted, decider, checks, nearMisses);
    this.workers = new RosterUpdates(roster, decider);
    this.membership =
        new Membership(identity, rules, group, decider, publications, publisher, ticker);
  }

  /**
   * Subscribes to status topics first, so that the group and the fleet are known before any frame.
   */
  private Session session() {
    return new Session(
            ClientIds.of(Role.AGGREGATOR, settings.name()),
            subscriptions(),
            Optional.of(identity.availability(StatusCodec.OFFLINE)),
            List.of(identity.announcement(State.JOINING, true, Group.NO_SEAT, Duration.ZERO)))
        .withOversize();
  }

  private List<Subscription> subscriptions() {
    List<Subscription> all = new ArrayList<>();
    all.add(Subscription.live(topics.statusFilter(Role.AGGREGATOR, StatusKind.AVAILABILITY)));
    all.add(Subscription.withRetained(topics.statusFilter(Role.AGGREGATOR, StatusKind.INFO)));
    all.add(Subscription.withRetained(topics.statusFilter(Role.WORKER, StatusKind.INFO)));
    all.add(Subscription.withRetained(topics.statusFilter(Role.WORKER, StatusKind.AVAILABILITY)));
    if (Checks.areOn(settings)) {
      all.add(Subscription.withRetained(topics.trustFilter()));
      all.add(Subscription.withRetained(topics.checkFilter()));
    }
    all.add(Subscription.ofOthers(topics.resultFilter()));
    all.add(Subscription.live(topics.replyFilter()));
    all.add(Subscription.live(topics.imageFilter()));
    NearTopics.filters(topics.site()).forEach(each -> all.add(Subscription.optional(each)));
    return all;
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public long runOnce() throws ServiceEndedException {
    long now = ticker.nanos();
    boolean paused = turnNanos.isPresent() && group.wasPaused(turnNanos.getAsLong(), now);
    boolean unread = paused && membership.goesOn();
    turnNanos = OptionalLong.of(now);
    boolean drained = drain(now, unread);
    membership.advance(now);
    workers.refreshTrust(trusted, now);
    trust.advance(now);
    checks.advance(now);
    if (drained && !isOvertaken()) {
      decider.closeDue(now);
    }
    reportHealth(now);
    long housekeeping =
        Math.min(
            Math.min(healthDueNanos - now, trusted.nanosUntilRefresh(now)),
            checks.nanosUntilDue(now));
    long next = decider.nanosUntilDue(now, Math.min(group.longestWaitNanos(), housekeeping));
    return inbox.size() > 0 ? 0 : next;
  }

  /**
   * Handles the events that had arrived by {@code now}, and at most one later message.
   *
   * @param unread drop frames and replies: others have answered them
   * @return false if the time limit is reached first; windows are then closed in a later turn
   */
  private boolean drain(long now, boolean unread) throws ServiceEndedException {
    int messages = 0;
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      BusEvent event = next.get();
      if (event instanceof BusEvent.Delivered delivered) {
        delivered(delivered.message(), delivered.arrivedNanos(), unread || isOvertaken());
        if (delivered.arrivedNanos() - now > 0) {
          return true;
        }
        if (++messages % CLOCK_MESSAGES == 0 && ticker.nanos() - now > LONGEST_DRAIN_NANOS) {
          return inbox.size() == 0;
        }
      } else if (event instanceof BusEvent.Shed shed) {
        shed(shed, unread || isOvertaken());
      } else if (event instanceof BusEvent.Connected) {
        membership.connected();
        decider.reconnected();
        trust.connected(now);
        checks.connected();
      } else if (event instanceof BusEvent.Subscribed) {
        membership.subscribed();
      } else if (event instanceof BusEvent.Disconnected) {
        membership.disconnected();
      } else if (event instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException(
            "aggregator " + settings.name() + " ends: " + ended.reason());
      }
    }
    return true;
  }

  /**
   * Returns whether the inbox contains a connection loss and other aggregators exist, which then
   * have taken over all earlier messages. The connection may be back already. Decisions made before
   * the loss must not be published on the new connection.
   */
  private boolean isOvertaken() {
    return inbox.holdsLoss() && group.mayHaveOthers();
  }

  private void delivered(Message message, long arrivedNanos, boolean unread) {
    Address address = topics.parse(message.topic());
    if (address instanceof Address.Status status) {
      if (status.role() == Role.WORKER) {
        workers.hear(status, message);
      } else {
        membership.hear(status, message, arrivedNanos);
      }
    } else if (address instanceof Address.Trust of) {
      trust.hear(of, message, arrivedNanos);
    } else if (address instanceof Address.Check) {
      membership.hearCheck(message, arrivedNanos);
    } else if (address instanceof Address.Result) {
      if (!message.payload().isEmpty()) {
        membership.hearResult(message, unread);
      }
    } else if (unread) {
      decider.counters().add(Counter.PAUSE_DROPPED);
    } else {
      admission.hear(address, message, arrivedNanos);
    }
  }

  /**
   * Reduces a frame that does not fit into the inbox to its request; called on the receiving
   * thread.
   */
  private Optional<BusEvent.Shed> shed(BusEvent.Delivered given) {
    Message message = given.message();
    return requests.judge(topics.parse(message.topic()), message)
            instanceof Judgment.Accepted<Request> frame
        ? Optional.of(new BusEvent.Shed(frame.value(), given.arrivedNanos()))
        : Optional.empty();
  }

  private void shed(BusEvent.Shed frame, boolean unread) {
    if (unread) {
      decider.counters().add(Counter.PAUSE_DROPPED);
    } else {
      admission.shed(frame.request(), frame.arrivedNanos());
    }
  }

  @Override
  public void leave() {
    membership.leave();
  }

  @Override
  public boolean hasLeft() {
    return membership.hasLeft();
  }

  private void reportHealth(long now) {
    if (now - healthDueNanos < 0) {
      return;
    }
    healthDueNanos = now + settings.healthEvery().toNanos();
    publisher.publish(
        Message.retained(identity.topic(StatusKind.HEALTH), status.encode(health()))
            .with(MessageProperties.NONE.withContentType(ResultPublisher.JSON)));
  }

  /** Returns the counters and resource usage; called on the aggregator's own thread. */
  public Health health() {
    SortedMap<String, Long> all = counters();
    machine.accept(all);
    long seconds = (ticker.nanos() - startedNanos) / 1_000_000_000L;
    return new Health(clock.instant(), seconds, all);
  }

  /** Returns the counters under the names that health messages use; called on its own thread. */
  SortedMap<String, Long> counters() {
    SortedMap<String, Long> all = decider.snapshot();
    all.put("inbox_dropped", inbox.dropped());
    all.put("publish_failed", publisher.failed());
    all.put("cameras", (long) classes.size());
    return all;
  }

  @Override
  public void close() {
    bus.close();
  }
}
