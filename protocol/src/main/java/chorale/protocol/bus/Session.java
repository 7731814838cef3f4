package chorale.protocol.bus;

import chorale.protocol.Limits;
import chorale.protocol.Message;
import java.util.List;
import java.util.Optional;

/**
 * What a client is to the broker: who it is, what it hears, what it says at every connect and when
 * it is gone. Clean start, session expiry 0.
 *
 * @param clientId stable over restarts ({@code chorale-<role>-<name>}): a random one would let an
 *     old will mark a live worker offline
 * @param will published by the broker when the client is lost, and by the client when it closes
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

  /** A client that hears valid messages only; the broker leaves larger packets out. */
  public Session(
      String clientId,
      List<Subscription> subscriptions,
      Optional<Message> will,
      List<Message> births) {
    this(clientId, subscriptions, will, births, Limits.MAX_VALID_PACKET_BYTES);
  }

  /** Of a client that announces nothing. */
  public static Session of(String clientId, List<Subscription> subscriptions) {
    return new Session(clientId, subscriptions, Optional.empty(), List.of());
  }

  /** The same client, which also hears images that are too large, to answer that they are. */
  public Session withOversize() {
    return new Session(clientId, subscriptions, will, births, Limits.MAX_PACKET_BYTES);
  }
}
