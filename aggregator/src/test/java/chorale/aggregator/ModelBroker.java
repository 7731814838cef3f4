package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;

import chorale.protocol.Message;
import chorale.protocol.Qos;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A model of an MQTT broker in virtual time: sessions, subscriptions, retained messages, last
 * wills. It gives only the guarantees of MQTT. Messages of one publisher on one topic reach a
 * subscriber in order; all others may overtake each other. A message of QoS 1 may arrive twice.
 */
final class ModelBroker {
  private static final int DOUBLED_ONE_IN = 60;

  private final VirtualTime time;
  private final Chance chance;
  private final EventLog log;
  private final BiConsumer<String, Message> heard;

  /** The connection of each client id. */
  private final Map<String, ModelConnection> sessions = new LinkedHashMap<>();

  private final Map<String, Published> retained = new LinkedHashMap<>();
  private final Map<Flow, Long> lastArrivals = new HashMap<>();

  private record Published(String publisher, Message message) {}

  /** A sequence of messages whose order is guaranteed. */
  private record Flow(String publisher, String topic, String subscriber) {}

  /**
   * @param heard told of every message and its publisher
   */
  ModelBroker(VirtualTime time, Chance chance, EventLog log, BiConsumer<String, Message> heard) {
    this.heard = heard;
    this.time = time;
    this.chance = chance;
    this.log = log;
  }

  /**
   * Starts connecting.
   *
   * @param arrived called for every event just after it was added to the inbox
   */
  ModelClient open(Session session, Inbox inbox, Consumer<BusEvent> arrived) {
    ModelClient client =
        new ModelClient(new ModelClient.World(this, time, chance, log), session, inbox, arrived);
    client.connect();
    return client;
  }

  // ---- sessions

  /** Connects; an existing session of the same id ends first, with its last will. */
  void connect(ModelConnection connection) {
    ModelConnection old = sessions.get(connection.clientId());
    if (old != null) {
      lose(old);
    }
    sessions.put(connection.clientId(), connection);
  }

  /**
   * Delivers retained messages of all publishers, including its own (BusContract tests this on real
   * brokers).
   */
  void subscribe(ModelConnection connection) {
    connection.subscribed();
    for (Published kept : List.copyOf(retained.values())) {
      if (connection.wants(kept.message().topic(), false, true)) {
        deliver(kept.publisher(), kept.message(), connection);
      }
    }
  }

  boolean holds(ModelConnection connection) {
    return sessions.get(connection.clientId()) == connection;
  }

  /** The broker notices that a connection is lost. */
  void lose(ModelConnection connection) {
    if (sessions.remove(connection.clientId(), connection)) {
      log.add("broker", () -> "lost " + connection.clientId());
      connection.session().will().ifPresent(will -> publish(connection.clientId(), will));
    }
  }

  /** The client disconnects in order, without a last will. */
  void end(ModelConnection connection) {
    sessions.remove(connection.clientId(), connection);
  }

  // ---- messages

  /** A message reaches the broker. */
  void publish(String publisher, Message message) {
    log.add("broker", () -> publisher + " published " + EventLog.describe(message));
    heard.accept(publisher, message);
    Published published = new Published(publisher, message);
    if (message.retain()) {
      retained.put(message.topic(), published);
    }
    Message live =
        new Message(message.topic(), message.payload(), message.qos(), false, message.properties());
    for (ModelConnection connection : sessions.values()) {
      boolean own = publisher.equals(connection.clientId());
      if (connection.isSubscribed() && connection.wants(message.topic(), own, false)) {
        deliver(publisher, live, connection);
      }
    }
  }

  /** Returns the retained message of a topic. */
  Optional<Message> retained(String topic) {
    return Optional.ofNullable(retained.get(topic)).map(Published::message);
  }

  private void deliver(String publisher, Message message, ModelConnection connection) {
    arrive(publisher, message, connection);
    if (message.qos() == Qos.AT_LEAST_ONCE && chance.oneIn(DOUBLED_ONE_IN)) {
      arrive(publisher, message, connection);
    }
  }

  private void arrive(String publisher, Message message, ModelConnection connection) {
    Flow flow = new Flow(publisher, message.topic(), connection.clientId());
    long due = time.nanos() + chance.delivery();
    Long last = lastArrivals.get(flow);
    long inOrder = last != null && last - due > 0 ? last : due;
    lastArrivals.put(flow, inOrder);
    time.at(inOrder, () -> connection.deliver(message));
  }

  /** Returns the broker's delay in detecting a dead process or a cut connection. */
  long noticeNanos() {
    return chance.magnitude(3 * MILLI, 200 * MILLI);
  }
}
