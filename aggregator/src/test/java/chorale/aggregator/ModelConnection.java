package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;

import chorale.protocol.Message;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One connection of a client from CONNECT to its loss, with a network that can block. Broker and
 * client detect the loss at different times. The broker keeps the connection until it detects the
 * loss, the client while it is the current one.
 */
final class ModelConnection {
  private static final long UP_NANOS = 2 * MILLI;

  private final ModelClient client;
  private final VirtualTime time;
  private final Chance chance;
  private final Map<String, List<Subscription>> matching = new HashMap<>();
  private boolean subscribed;

  /** The network's two directions. */
  final Gate up;

  final Gate down;
  private boolean broken;
  private long lastSent;

  ModelConnection(ModelClient client, VirtualTime time, Chance chance) {
    this.client = client;
    this.time = time;
    this.chance = chance;
    this.up = new Gate(time);
    this.down = new Gate(time);
    this.lastSent = time.nanos();
  }

  String clientId() {
    return client.session().clientId();
  }

  Session session() {
    return client.session();
  }

  void subscribed() {
    subscribed = true;
  }

  boolean isSubscribed() {
    return subscribed;
  }

  /**
   * Returns whether the client is subscribed to a topic.
   *
   * @param own whether it published the message itself
   * @param kept whether the message is a retained one, sent after a subscription
   */
  boolean wants(String topic, boolean own, boolean kept) {
    List<Subscription> all =
        matching.computeIfAbsent(
            topic,
            name ->
                session().subscriptions().stream()
                    .filter(each -> MemoryBroker.matches(each.filter(), name))
                    .toList());
    return all.stream().anyMatch(each -> (!own || each.own()) && (!kept || each.retained()));
  }

  /** Sends from the client to the broker, in order. */
  void send(Runnable arrival) {
    long due = time.nanos() + chance.between(0, UP_NANOS);
    lastSent = lastSent - due > 0 ? lastSent : due;
    time.at(lastSent, () -> up.pass(() -> ifWhole(arrival)));
  }

  /** Delivers from the broker to the client. */
  void deliver(Message message) {
    down.pass(() -> ifWhole(() -> client.deliver(this, message)));
  }

  /**
   * Sends acknowledgments and similar packets from the broker to the client after a short delay.
   */
  void answer(Runnable arrival) {
    time.after(chance.between(0, UP_NANOS), () -> down.pass(() -> ifWhole(arrival)));
  }

  private void ifWhole(Runnable event) {
    if (!broken) {
      event.run();
    }
  }

  /** Blocks both directions permanently. */
  void breakDown() {
    broken = true;
  }
}
