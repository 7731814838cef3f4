package chorale.aggregator;

import chorale.protocol.Message;
import chorale.protocol.StatusCodec;
import chorale.protocol.Ticker;
import chorale.protocol.bus.ServiceEndedException;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * The look-out for a second aggregator: two on one site would decide everything twice. One that
 * finds another available while it starts ends itself; one that already runs stays, and leaves it
 * to the newcomer to go. Owned by the aggregator's thread.
 */
final class OtherAggregators {
  /** After the subscriptions are granted, until when an aggregator is starting. */
  static final long SETTLE_NANOS = 1_000_000_000L;

  private static final System.Logger LOG = System.getLogger(OtherAggregators.class.getName());

  private final String own;
  private final String site;
  private final Ticker ticker;
  private Optional<Long> settledNanos = Optional.empty();
  private String lastWarned = "";

  OtherAggregators(String own, String site, Ticker ticker) {
    this.own = own;
    this.site = site;
    this.ticker = ticker;
  }

  void subscribed() {
    if (settledNanos.isEmpty()) {
      settledNanos = Optional.of(ticker.nanos() + SETTLE_NANOS);
    }
  }

  /**
   * @param name whose availability the message tells
   * @param hasDecided whether this aggregator has opened a window
   */
  void hear(String name, Message message, boolean hasDecided) throws ServiceEndedException {
    if (name.equals(own) || !message.payload().equals(StatusCodec.ONLINE)) {
      return;
    }
    boolean starting = settledNanos.isEmpty() || ticker.nanos() - settledNanos.get() < 0;
    if (starting && (message.retain() || !hasDecided)) {
      throw new ServiceEndedException(
          "aggregator %s does not start: aggregator %s is available on site %s"
                  .formatted(own, name, site)
              + " (allowed: one a site; stop it, or use another site)");
    }
    if (!name.equals(lastWarned)) {
      lastWarned = name;
      LOG.log(
          Level.WARNING,
          "aggregator {0} has come online on site {1}; one a site is allowed, and it should end",
          name,
          site);
    }
  }
}
