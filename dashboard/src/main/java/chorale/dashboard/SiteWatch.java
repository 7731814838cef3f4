package chorale.dashboard;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import chorale.protocol.Trust;
import chorale.protocol.TrustCodec;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A one-time observer of a site: it collects the retained messages and is complete when no more
 * arrive. Not thread-safe.
 */
public final class SiteWatch implements Service {
  private static final int MAX_MESSAGES = 10_000;
  private static final long MAX_BYTES = 16L << 20;

  /** Retained messages arrive together; this covers the pauses of a slow network. */
  private static final long QUIET_MILLIS = 700;

  /** Limit for busy sites, which are never quiet. */
  private static final long LONGEST_SECONDS = 3;

  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);

  private final Topics topics;
  private final Ticker ticker;
  private final Clock clock;
  private final SiteState site;
  private final Inbox inbox = new Inbox(MAX_MESSAGES, MAX_BYTES);
  private final Bus bus;
  private OptionalLong subscribedNanos = OptionalLong.empty();
  private long heardNanos;

  /**
   * The dependencies.
   *
   * @param broker address of the broker, for display
   * @param clientId unique at the broker
   */
  public record Dependencies(
      BusFactory buses, Ticker ticker, Clock clock, String broker, String clientId) {}

  public SiteWatch(Topics topics, Dependencies given) {
    this.topics = topics;
    this.ticker = given.ticker();
    this.clock = given.clock();
    this.site = new SiteState(topics, given.broker(), clock.millis());
    this.bus =
        given.buses().open(Session.of(given.clientId(), SiteState.subscriptions(topics)), inbox);
  }

  @Override
  public long runOnce() throws ServiceEndedException {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      long now = clock.millis();
      if (next.get() instanceof BusEvent.Delivered delivered) {
        site.hear(delivered.message(), now);
        heardNanos = ticker.nanos();
      } else if (next.get() instanceof BusEvent.Connected) {
        site.connected(now);
      } else if (next.get() instanceof BusEvent.Subscribed) {
        heardNanos = ticker.nanos();
        subscribedNanos = OptionalLong.of(heardNanos);
      } else if (next.get() instanceof BusEvent.Disconnected lost) {
        site.disconnected(now, lost.reason());
        subscribedNanos = OptionalLong.empty();
      } else if (next.get() instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException(ended.reason());
      }
    }
    return QUIET_NANOS / 4;
  }

  /**
   * Returns whether all retained messages should have arrived: no message came for {@value
   * #QUIET_MILLIS} ms, or {@value #LONGEST_SECONDS} s have passed since the subscription.
   */
  public boolean isComplete() {
    long now = ticker.nanos();
    return subscribedNanos.isPresent()
        && (now - heardNanos >= QUIET_NANOS || now - subscribedNanos.getAsLong() >= LONGEST_NANOS);
  }

  /**
   * Publishes an operator's decision on whether a board's votes count.
   *
   * @return completes when the broker has accepted it, exceptionally if the broker rejects it
   */
  public CompletionStage<Void> decide(Trust trust) {
    Bytes said = new TrustCodec().encode(trust);
    return bus.publish(Message.retained(topics.trust(trust.worker()), said));
  }

  public SiteSnapshot snapshot() {
    return site.snapshot();
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
