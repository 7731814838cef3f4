package chorale.aggregator;

import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Thresholds;
import chorale.config.AggregatorSettings;
import chorale.protocol.Address;
import chorale.protocol.AggregatorInfo;
import chorale.protocol.Health;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.NearTopics;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestRules;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Ticker;
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
import java.time.Clock;
import java.util.ArrayList;
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
 * windows and the decided requests (settings), the early replies, the roster, the class lists and
 * the cameras' classes (constants of their classes).
 */
public final class Aggregator implements Service {
  static final int INBOX_MESSAGES = 10_000;
  static final long INBOX_BYTES = 64L * 1024 * 1024;

  // set once
  private final AggregatorSettings settings;
  private final Topics topics;
  private final Ticker ticker;
  private final Clock clock;
  private final Inbox inbox = new Inbox(INBOX_MESSAGES, INBOX_BYTES);
  private final Bus bus;
  private final ResultPublisher publisher;
  private final Decider decider;
  private final Admission admission;
  private final RosterUpdates workers;
  private final OtherAggregators others;
  private final StatusCodec status = new StatusCodec();

  // changes as it runs
  private final long startedNanos;
  private long healthDueNanos;

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
  public Aggregator(AggregatorSettings settings, Topics topics, Dependencies dependencies) {
    this.settings = settings;
    this.topics = topics;
    this.ticker = dependencies.ticker();
    this.clock = dependencies.clock();
    this.startedNanos = ticker.nanos();
    this.healthDueNanos = startedNanos + settings.healthEvery().toNanos();
    Roster roster = new Roster(settings.strategy());
    this.others = new OtherAggregators(settings.name(), topics.site(), ticker);
    WindowTable windows = new WindowTable(settings.openWindows());
    Decided decided = new Decided(settings.remembered());
    ClosingRules rules =
        new ClosingRules(FusionRule.of(settings.fusion()), settings.quorum(), settings.bound());
    Thresholds thresholds = new Thresholds(settings.minConfidence(), settings.minMargin());
    RequestRules requests =
        new RequestRules(
            topics,
            new RequestRules.Defaults(deadlineMillis(), settings.k()),
            settings.responsePrefixes());
    Session session = session(dependencies);

    // Nothing that comes after this can fail: an open bus needs somebody who closes it.
    this.bus = dependencies.bus().open(session, inbox);
    this.publisher = new ResultPublisher(bus, topics, settings.steady());
    this.decider =
        new Decider(
            new Decider.Dependencies(
                new ResultBuilder(rules, settings.fusion(), thresholds), publisher, ticker, clock),
            roster,
            windows,
            decided);
    this.admission =
        new Admission(
            requests, dependencies.replies(), roster, decider, new NearMisses(topics.site()));
    this.workers = new RosterUpdates(roster, decider);
  }

  private int deadlineMillis() {
    return Math.toIntExact(settings.deadline().toMillis());
  }

  /** Status first, so that the fleet is known before the first frame. */
  private Session session(Dependencies dependencies) {
    String availability = ownStatus(StatusKind.AVAILABILITY);
    AggregatorInfo info =
        new AggregatorInfo(
            settings.name(),
            dependencies.session(),
            settings.fusion().label(),
            deadlineMillis(),
            settings.quorum(),
            dependencies.version());
    return new Session(
            "chorale-" + Role.AGGREGATOR.label() + '-' + settings.name(),
            subscriptions(),
            Optional.of(Message.retained(availability, StatusCodec.OFFLINE)),
            List.of(
                Message.retained(ownStatus(StatusKind.INFO), new StatusCodec().encode(info)),
                Message.retained(availability, StatusCodec.ONLINE)))
        .withOversize();
  }

  private List<Subscription> subscriptions() {
    List<Subscription> all = new ArrayList<>();
    all.add(
        Subscription.withRetained(topics.statusFilter(Role.AGGREGATOR, StatusKind.AVAILABILITY)));
    all.add(Subscription.withRetained(topics.statusFilter(Role.WORKER, StatusKind.INFO)));
    all.add(Subscription.withRetained(topics.statusFilter(Role.WORKER, StatusKind.AVAILABILITY)));
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
        others.subscribed();
        publisher.reconnected();
      } else if (event instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException(
            "aggregator " + settings.name() + " ends: " + ended.reason());
      }
    }
  }

  private void delivered(Message message, long arrivedNanos) throws ServiceEndedException {
    Address address = topics.parse(message.topic());
    if (!(address instanceof Address.Status status)) {
      admission.hear(address, message, arrivedNanos);
    } else if (status.role() == Role.WORKER) {
      workers.hear(status, message);
    } else if (status.kind() == StatusKind.AVAILABILITY) {
      boolean hasDecided = decider.counters().get(Counter.FRAMES_OPENED) > 0;
      others.hear(status.name(), message, hasDecided);
    }
  }

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

  /** By the names under which health is published. Its own thread's alone. */
  SortedMap<String, Long> counters() {
    SortedMap<String, Long> all = decider.snapshot();
    all.put("inbox_dropped", inbox.dropped());
    all.put("publish_failed", publisher.failed());
    all.put("cameras", (long) publisher.cameras());
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
