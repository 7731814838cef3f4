package chorale.protocol.bus;

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
 */
public record Session(
    String clientId,
    List<Subscription> subscriptions,
    Optional<Message> will,
    List<Message> births) {
  public Session {
    subscriptions = List.copyOf(subscriptions);
    births = List.copyOf(births);
  }

  /** Of a client that announces nothing. */
  public static Session of(String clientId, List<Subscription> subscriptions) {
    return new Session(clientId, subscriptions, Optional.empty(), List.of());
  }
}
