package chorale.cli.setup;

import static org.awaitility.Awaitility.await;

import chorale.mqtt.PahoBus;
import chorale.mqtt.WhenRefused;
import chorale.protocol.Bytes;
import chorale.protocol.Labels;
import chorale.protocol.Message;
import chorale.protocol.access.Identity;
import chorale.protocol.access.RightsTable;
import chorale.protocol.access.RightsTable.Right;
import chorale.protocol.access.RightsTable.Row;
import chorale.protocol.access.UserRole;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A probe of members' rights on a real broker, by the messages that arrive. Acknowledgments are no
 * proof: Mosquitto grants subscriptions that deliver nothing. A fence message, which always
 * arrives, ends each round: what has not arrived before it was not delivered.
 */
final class Deliveries implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(30);

  private static final String SITE = "chorale/home/";
  private static final String OTHER = "other";
  private static final Bytes FENCE = Bytes.utf8("fence");

  /** A topic that all members may receive. */
  private static final String HEARD_BY_ALL = SITE + "worker/fence/info";

  private final Client operator;

  /**
   * @param operator the connection of a member with all rights
   */
  Deliveries(ConnectionSettings operator) {
    this.operator = Client.open(operator, "watching", SITE + '#');
  }

  /** A connection and its received messages. */
  record Client(Bus bus, Inbox inbox, List<Message> heard) implements AutoCloseable {
    static Client open(ConnectionSettings settings, String id, String... filters) {
      List<Subscription> subscriptions = Stream.of(filters).map(Subscription::optional).toList();
      return open(settings, Session.of(id, subscriptions));
    }

    static Client open(ConnectionSettings settings, Session session) {
      Inbox inbox = new Inbox(10_000, 64 << 20);
      Bus bus = PahoBus.factory(settings, WhenRefused.TRY_AGAIN).open(session, inbox);
      await().atMost(SOON).until(bus::isConnected);
      return new Client(bus, inbox, new ArrayList<>());
    }

    List<Message> drain() {
      for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
        if (next.get() instanceof BusEvent.Delivered delivered) {
          heard.add(delivered.message());
        }
      }
      return heard;
    }

    Set<String> topics() {
      Set<String> topics = new TreeSet<>();
      drain().stream()
          .filter(each -> !each.payload().equals(FENCE))
          .forEach(each -> topics.add(each.topic()));
      return topics;
    }

    private boolean hasFence() {
      return drain().stream().anyMatch(each -> each.payload().equals(FENCE));
    }

    /** Publishes and waits for the acknowledgment, positive or negative. */
    void publish(String topic, Bytes payload) {
      bus.publish(Message.of(topic, payload))
          .exceptionally(refused -> null)
          .toCompletableFuture()
          .join();
    }

    @Override
    public void close() {
      bus.close();
    }
  }

  /** Returns the topics of a row with the member's name, and with another name. */
  private static List<String> topics(Row row, Identity member) {
    String placeholder = '<' + Labels.of(member.role()) + '>';
    String mine = member.role() == UserRole.DASHBOARD ? "<camera>" : placeholder;
    return Stream.of(member.name(), OTHER)
        .map(name -> row.topic().replace(mine, name))
        .map(topic -> topic.replace("<stage>", "2").replace("#", "a/b"))
        .map(topic -> SITE + topic.replaceAll("<[a-z]+>", "some"))
        .distinct()
        .toList();
  }

  private static List<String> allTopics(Identity member) {
    List<String> all = new ArrayList<>();
    RightsTable.rows().forEach(row -> all.addAll(topics(row, member)));
    all.add(SITE + "camera/" + member.name() + "/anything");
    all.add(SITE + "worker/" + member.name() + "/anything");
    return all;
  }

  /** Returns the expected topics, from the rows of the table and not from the derived filters. */
  static Set<String> allowed(Identity member, Right own, Right any) {
    Set<String> allowed = new TreeSet<>();
    if (member.role() == UserRole.OPERATOR) {
      allowed.addAll(allTopics(member));
    }
    for (Row row : RightsTable.rows()) {
      Set<Right> rights = row.of(member.role());
      boolean frames = member.frames() && rights.contains(Right.SUBSCRIBE_WITH_FRAMES);
      if (rights.contains(any) || (any == Right.SUBSCRIBE && frames)) {
        allowed.addAll(topics(row, member));
      } else if (rights.contains(own)) {
        allowed.add(topics(row, member).get(0));
      }
    }
    return allowed;
  }

  /** Returns the topics of the protocol on which this member's messages arrive. */
  Set<String> published(Identity member, ConnectionSettings settings, Set<String> expected) {
    operator.drain();
    operator.heard().clear();
    try (Client client = Client.open(settings, "publishing")) {
      allTopics(member).forEach(topic -> client.publish(topic, Bytes.utf8("x")));
      await().atMost(SOON).until(() -> operator.topics().containsAll(expected));
      client.publish(expected.iterator().next(), FENCE);
      await().atMost(SOON).until(operator::hasFence);
      return operator.topics();
    }
  }

  /** Returns the topics of the protocol that this member receives. */
  Set<String> heard(Identity member, ConnectionSettings settings, Set<String> expected) {
    List<String> filters = new ArrayList<>(allTopics(member));
    filters.add(HEARD_BY_ALL);
    try (Client client = Client.open(settings, "hearing", filters.toArray(String[]::new))) {
      return arrived(member, client, expected);
    }
  }

  /** Returns the same with the filter {@code #}. */
  Set<String> heardByWildcard(Identity member, ConnectionSettings settings, Set<String> expected) {
    try (Client client = Client.open(settings, "greedy", "#")) {
      return arrived(member, client, expected);
    }
  }

  private Set<String> arrived(Identity member, Client client, Set<String> expected) {
    allTopics(member).forEach(topic -> operator.publish(topic, Bytes.utf8("x")));
    await().atMost(SOON).until(() -> client.topics().containsAll(expected));
    operator.publish(HEARD_BY_ALL, FENCE);
    await().atMost(SOON).until(client::hasFence);
    return client.topics();
  }

  @Override
  public void close() {
    operator.close();
  }
}
