package chorale.mqtt;

import chorale.protocol.Ticker;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sink that passes received messages of one client to its inbox, across reconnects. Called by the
 * reading thread, which must not block because keep-alive depends on it.
 */
final class Arrivals {
  private static final Logger LOG = System.getLogger(Arrivals.class.getName());

  private final String clientId;
  private final Inbox inbox;
  private final Ticker ticker;

  /** Malformed messages since the start. */
  private final AtomicLong malformed = new AtomicLong();

  Arrivals(String clientId, Inbox inbox, Ticker ticker) {
    this.clientId = clientId;
    this.inbox = inbox;
    this.ticker = ticker;
  }

  void accept(PublishPacket packet) {
    if (packet.message().isPresent()) {
      inbox.offer(new BusEvent.Delivered(packet.message().get(), ticker.nanos()));
    } else if (malformed.incrementAndGet() == 1) {
      LOG.log(
          Level.WARNING,
          "{0} ignores a malformed message: {1}; further ones are not logged",
          clientId,
          packet.problem());
    }
  }

  long malformed() {
    return malformed.get();
  }
}
