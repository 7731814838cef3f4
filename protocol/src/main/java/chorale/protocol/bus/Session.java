package chorale.protocol.bus;

import chorale.protocol.Limits;
import chorale.protocol.Message;
import java.util.List;
import java.util.Optional;

/**
 * The MQTT session of a client: its id, subscriptions, last will and birth messages. Clean start,
 * session expiry 0.
 *
 * @param clientId stable over restarts ({@code chorale-<role>-<name>}); with random ids, the last
 *     will of an old connection could mark a running worker offline
 * @param will published by the broker when the connection is lost, and by the client when it closes
 * @param births published after every connect, once all subscriptions are granted
 * @param maxPacketBytes the largest MQTT packet that the broker may send to this client
 */
public record Session(
    String clientId,
    List<Subscription> subscriptions,
    Optional<Message> will,
    List<Message> births,
    int maxPacketBytes) {
  public Session {
    subscriptions = List.copyOf(subscriptions);
    births = List.copyOf(births);
  }

  /** A client that receives only valid messages; the broker omits larger packets. */
  public Session(
      String clientId,
      List<Subscription> subscriptions,
      Optional<Message> will,
      List<Message> births) {
    this(clientId, subscriptions, will, births, Limits.MAX_VALID_PACKET_BYTES);
  }

  /** A client without status messages. */
  public static Session of(String clientId, List<Subscription> subscriptions) {
    return new Session(clientId, subscriptions, Optional.empty(), List.of());
  }

  /**
   * Returns the same session, but also for oversized images, in order to answer them with an error.
   */
  public Session withOversize() {
    return new Session(clientId, subscriptions, will, births, Limits.MAX_PACKET_BYTES);
  }
}
