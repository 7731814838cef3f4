package chorale.protocol.bus;

import static org.awaitility.Awaitility.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of every {@link Bus}, tested in memory and over the network. */
public abstract class BusContract {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Bytes HELLO = Bytes.utf8("hello");

  /** Makes topics unique, so that tests on one broker do not interfere. */
  private static final AtomicInteger TESTS = new AtomicInteger();

  private final String root = "contract/" + TESTS.incrementAndGet() + "/";
  private final List<Client> clients = new ArrayList<>();

  /** Creates buses with an outbox of 1,000 messages. */
  protected abstract BusFactory factory();

  /** Breaks the client's connection silently and blocks reconnects until {@link #restore}. */
  protected abstract void cut(String clientId);

  protected abstract void restore(String clientId);

  /** A bus with its inbox and the events received so far. */
  protected final class Client implements AutoCloseable {
    private final Session session;
    private final Inbox inbox = new Inbox(10_000, 256L * 1024 * 1024);
    private final List<BusEvent> events = new ArrayList<>();
    private final Bus bus;

    private Client(Session session) {
      this.session = session;
      this.bus = factory().open(session, inbox);
      clients.add(this);
    }

    private List<BusEvent> events() {
      for (Optional<BusEvent> e = inbox.poll(); e.isPresent(); e = inbox.poll()) {
        events.add(e.get());
      }
      return events;
    }

    private List<Message> messages() {
      return events().stream()
          .filter(BusEvent.Delivered.class::isInstance)
          .map(event -> ((BusEvent.Delivered) event).message())
          .toList();
    }

    private List<Message> messages(int count) {
      soon().until(() -> messages().size() >= count);
      return messages();
    }

    private List<String> changes() {
      return events().stream()
          .filter(event -> !(event instanceof BusEvent.Delivered))
          .map(event -> event.getClass().getSimpleName())
          .toList();
    }

    private void awaitChanges(String... expected) {
      soon().untilAsserted(() -> assertEquals(List.of(expected), changes()));
    }

    private Client connected() {
      soon().until(() -> changes().contains("Subscribed"));
      assertTrue(bus.isConnected());
      return this;
    }

    private void send(Message message) {
      join(bus.publish(message));
    }

    @Override
    public void close() {
      bus.close();
    }
  }

  @AfterEach
  void closeClients() {
    clients.parallelStream().forEach(Client::close);
  }

  protected final Client open(
      String name, List<Subscription> subscriptions, Optional<Message> will, Message... births) {
    String clientId = "chorale-worker-" + name + TESTS.incrementAndGet();
    return new Client(new Session(clientId, subscriptions, will, List.of(births)));
  }

  private Client speaker() {
    return open("speaker", List.of(), Optional.empty()).connected();
  }

  private Client listener(Subscription... subscriptions) {
    return open("listener", List.of(subscriptions), Optional.empty()).connected();
  }

  private static ConditionFactory soon() {
    return with().pollInterval(Duration.ofMillis(5)).await().atMost(SOON);
  }

  private static void join(CompletionStage<Void> stage) {
    stage.toCompletableFuture().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static PublishException failure(CompletionStage<Void> stage) {
    ExecutionException thrown =
        assertThrows(
            ExecutionException.class,
            () -> stage.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS));
    return assertInstanceOf(PublishException.class, thrown.getCause());
  }

  private Message numbered(String topic, int number, Qos qos) {
    return new Message(
        root + topic, Bytes.utf8(Integer.toString(number)), qos, false, MessageProperties.NONE);
  }

  private static List<Integer> numbers(List<Message> messages) {
    return messages.stream().map(message -> Integer.valueOf(message.payload().utf8())).toList();
  }

  private void sendsInOrder(Qos qos) {
    Client listener = listener(Subscription.live(root + "#"));
    Client speaker = speaker();
    List<CompletionStage<Void>> sent =
        IntStream.range(0, 100).mapToObj(i -> speaker.bus.publish(numbered("n", i, qos))).toList();
    sent.forEach(BusContract::join);
    List<Message> got = listener.messages(100);
    assertEquals(IntStream.range(0, 100).boxed().toList(), numbers(got));
    assertTrue(got.stream().allMatch(message -> message.qos() == qos));
  }

  @Test
  void publish_atLeastOnce_arrivesInOrder() {
    sendsInOrder(Qos.AT_LEAST_ONCE);
  }

  @Test
  void publish_atMostOnce_arrivesInOrder() {
    sendsInOrder(Qos.AT_MOST_ONCE);
  }

  @Test
  void publish_noSubscriber_isSuccess() {
    join(speaker().bus.publish(Message.of(root + "nobody", HELLO)));
  }

  @Test
  void publish_topicWithWildcard_failsAndKeepsTheConnection() {
    Client speaker = speaker();
    Throwable refusal =
        assertThrows(
            Throwable.class, () -> join(speaker.bus.publish(Message.of(root + "a/+", HELLO))));
    assertTrue(String.valueOf(refusal).contains("wildcard"), () -> "got " + refusal);
    join(speaker.bus.publish(Message.of(root + "a", HELLO)));
    assertEquals(List.of("Connected", "Subscribed"), speaker.changes());
  }

  @Test
  void subscribe_withRetained_getsRetainedMessagesWithTheFlag() {
    speaker().send(Message.retained(root + "kept", HELLO));
    Message got = listener(Subscription.withRetained(root + "+")).messages(1).get(0);
    assertEquals(HELLO, got.payload());
    assertTrue(got.retain());
  }

  @Test
  void deliver_retainedMessageWhileSubscribed_hasTheFlagClear() {
    Client listener = listener(Subscription.withRetained(root + "+"));
    speaker().send(Message.retained(root + "kept", HELLO));
    assertFalse(listener.messages(1).get(0).retain());
  }

  @Test
  void subscribe_withoutRetained_getsNoRetainedMessages() {
    Client speaker = speaker();
    speaker.send(Message.retained(root + "kept", HELLO));
    Client listener = listener(Subscription.live(root + "+"));
    speaker.send(Message.of(root + "live", Bytes.utf8("after")));
    assertEquals("after", listener.messages(1).get(0).payload().utf8());
  }

  @Test
  void connectionCut_will_isPublished() {
    Client listener = listener(Subscription.live(root + "+"));
    Message will = Message.retained(root + "availability", Bytes.utf8("offline"));
    Client mortal = open("mortal", List.of(), Optional.of(will)).connected();
    cut(mortal.session.clientId());
    assertEquals("offline", listener.messages(1).get(0).payload().utf8());
    Message kept = listener(Subscription.withRetained(root + "+")).messages(1).get(0);
    assertTrue(kept.retain());
  }

  @Test
  void close_will_isPublishedOnceAfterWaitingMessages() {
    Client listener = listener(Subscription.live(root + "+"));
    Message will = Message.retained(root + "availability", Bytes.utf8("offline"));
    Client leaver = open("leaver", List.of(), Optional.of(will)).connected();
    var unused = leaver.bus.publish(Message.of(root + "last", Bytes.utf8("last")));
    leaver.close();
    speaker().send(Message.of(root + "later", Bytes.utf8("later")));
    assertEquals(
        List.of("last", "offline", "later"),
        listener.messages(3).stream().map(message -> message.payload().utf8()).toList());
    leaver.awaitChanges("Connected", "Subscribed", "Disconnected");
    assertFalse(leaver.bus.isConnected());
    failure(leaver.bus.publish(Message.of(root + "late", HELLO)));
  }

  @Test
  void publish_properties_arriveUnchanged() {
    Client listener = listener(Subscription.live(root + "+"));
    MessageProperties properties =
        MessageProperties.NONE
            .withCorrelation(Optional.of(Bytes.wrap(new byte[] {0, 1, (byte) 0xFF})))
            .withResponseTopic(Optional.of(root + "response"))
            .withContentType("image/jpeg")
            .withExpirySeconds(60)
            .withUser("deadline-ms", "250")
            .withUser("twice", "ä")
            .withUser("twice", "b");
    speaker().send(Message.of(root + "p", HELLO).with(properties));
    assertEquals(properties, listener.messages(1).get(0).properties());
  }

  @Test
  void publish_correlationOfAnySize_arrivesUnchanged() {
    Client listener = listener(Subscription.live(root + "+"));
    Client speaker = speaker();
    List<Integer> sizes = List.of(0, 1, 64, 32_767, 32_768, 65_535);
    for (int size : sizes) {
      byte[] data = new byte[size];
      new Random(size).nextBytes(data);
      Optional<Bytes> correlation = Optional.of(Bytes.wrap(data));
      speaker.send(
          Message.of(root + "p", HELLO).with(MessageProperties.NONE.withCorrelation(correlation)));
    }
    // Empty correlation data differs from missing correlation data.
    assertEquals(
        sizes,
        listener.messages(sizes.size()).stream()
            .map(message -> message.properties().correlation().orElseThrow().size())
            .toList());
    assertEquals(List.of("Connected", "Subscribed"), listener.changes());
  }

  @Test
  void publish_noProperties_arrivesWithNone() {
    Client listener = listener(Subscription.live(root + "+"));
    speaker().send(Message.of(root + "p", HELLO));
    assertEquals(MessageProperties.NONE, listener.messages(1).get(0).properties());
  }

  @Test
  void reconnect_subscriptionsAndBirths_areMadeAgain() {
    Client listener = listener(Subscription.live(root + "birth"));
    Client phoenix =
        open(
                "phoenix",
                List.of(Subscription.live(root + "to-phoenix")),
                Optional.empty(),
                Message.retained(root + "birth", HELLO))
            .connected();
    assertEquals(1, listener.messages(1).size());

    cut(phoenix.session.clientId());
    phoenix.awaitChanges("Connected", "Subscribed", "Disconnected");
    assertFalse(phoenix.bus.isConnected());
    restore(phoenix.session.clientId());
    phoenix.awaitChanges("Connected", "Subscribed", "Disconnected", "Connected", "Subscribed");

    assertEquals(2, listener.messages(2).size());
    speaker().send(Message.of(root + "to-phoenix", HELLO));
    assertEquals(HELLO, phoenix.messages(1).get(0).payload());
  }

  @Test
  void reconnect_retained_arrivesAgainAfterConnected() {
    speaker().send(Message.retained(root + "kept", HELLO));
    Client listener = listener(Subscription.withRetained(root + "kept"));
    listener.messages(1);
    assertInstanceOf(BusEvent.Connected.class, listener.events().get(0));

    int before = listener.events().size();
    cut(listener.session.clientId());
    restore(listener.session.clientId());
    assertTrue(listener.messages(2).get(1).retain());
    List<BusEvent> after = listener.events().subList(before, listener.events().size());
    assertInstanceOf(BusEvent.Disconnected.class, after.get(0));
    assertInstanceOf(BusEvent.Connected.class, after.get(1));
  }

  @Test
  void publish_whileCut_atLeastOnceArrivesInOrderAfterRestore() {
    Client listener = listener(Subscription.live(root + "n"));
    Client speaker = speaker();
    cut(speaker.session.clientId());
    speaker.awaitChanges("Connected", "Subscribed", "Disconnected");
    List<CompletionStage<Void>> sent =
        IntStream.range(0, 10)
            .mapToObj(i -> speaker.bus.publish(numbered("n", i, Qos.AT_LEAST_ONCE)))
            .toList();
    assertTrue(sent.stream().noneMatch(stage -> stage.toCompletableFuture().isDone()));
    restore(speaker.session.clientId());
    sent.forEach(BusContract::join);
    assertEquals(IntStream.range(0, 10).boxed().toList(), numbers(listener.messages(10)));
  }

  @Test
  void discardWaiting_whileCut_failsWaitingAndSendsLaterMessages() {
    Client listener = listener(Subscription.live(root + "n"));
    Client speaker = speaker();
    cut(speaker.session.clientId());
    speaker.awaitChanges("Connected", "Subscribed", "Disconnected");
    CompletionStage<Void> old = speaker.bus.publish(numbered("n", 1, Qos.AT_LEAST_ONCE));
    speaker.bus.discardWaiting();
    failure(old);
    CompletionStage<Void> young = speaker.bus.publish(numbered("n", 2, Qos.AT_LEAST_ONCE));
    restore(speaker.session.clientId());
    join(young);
    assertEquals(List.of(2), numbers(listener.messages(1)));
  }

  @Test
  void subscribe_ofOthers_omitsOwnMessages() {
    Client listener = listener(Subscription.ofOthers(root + "n"));
    listener.send(numbered("n", 1, Qos.AT_LEAST_ONCE));
    speaker().send(numbered("n", 2, Qos.AT_LEAST_ONCE));
    assertEquals(List.of(2), numbers(listener.messages(1)));
  }

  /** An aggregator that restarts learns from this message which sequence numbers it has used. */
  @Test
  void subscribe_ofOthers_getsOwnRetainedMessageAfterReconnect() {
    Client listener = listener(Subscription.ofOthers(root + "n"));
    Message own = numbered("n", 1, Qos.AT_LEAST_ONCE);
    listener.send(Message.retained(own.topic(), own.payload()));
    cut(listener.session.clientId());
    listener.awaitChanges("Connected", "Subscribed", "Disconnected");
    restore(listener.session.clientId());
    assertEquals(List.of(1), numbers(listener.messages(1)));
  }

  @Test
  void publish_whileCut_atMostOnceFails() {
    Client speaker = speaker();
    cut(speaker.session.clientId());
    speaker.awaitChanges("Connected", "Subscribed", "Disconnected");
    failure(speaker.bus.publish(numbered("n", 1, Qos.AT_MOST_ONCE)));
  }

  @Test
  void publish_outboxFull_failsAndKeepsWaitingMessages() {
    Client listener = listener(Subscription.live(root + "n"));
    Client speaker = speaker();
    cut(speaker.session.clientId());
    speaker.awaitChanges("Connected", "Subscribed", "Disconnected");
    List<CompletionStage<Void>> sent =
        IntStream.range(0, 1000)
            .mapToObj(i -> speaker.bus.publish(numbered("n", i, Qos.AT_LEAST_ONCE)))
            .toList();
    PublishException full = failure(speaker.bus.publish(numbered("n", 1000, Qos.AT_LEAST_ONCE)));
    assertTrue(full.getMessage().contains("outbox full"), full::getMessage);
    restore(speaker.session.clientId());
    sent.forEach(BusContract::join);
    assertEquals(IntStream.range(0, 1000).boxed().toList(), numbers(listener.messages(1000)));
  }

  @Test
  void publish_largestImage_arrivesUnchanged() {
    byte[] image = new byte[Limits.MAX_IMAGE_BYTES];
    new Random(7).nextBytes(image);
    Client listener = listener(Subscription.live(root + "image"));
    speaker().send(Message.of(root + "image", Bytes.wrap(image)));
    assertEquals(Bytes.wrap(image), listener.messages(1).get(0).payload());
  }

  @Test
  void publish_thousandsFromSeveralThreads_allArriveInEachThreadsOrder() {
    int threads = 4;
    int each = 500;
    Client listener = listener(Subscription.live(root + "+"));
    Client speaker = speaker();
    CompletableFuture<?>[] all = new CompletableFuture<?>[threads];
    for (int t = 0; t < threads; t++) {
      String topic = "thread-" + t;
      all[t] =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < each; i++) {
                  CompletionStage<Void> sent =
                      speaker.bus.publish(numbered(topic, i, Qos.AT_LEAST_ONCE));
                  if (i % 100 == 99) {
                    join(sent);
                  }
                }
              });
    }
    CompletableFuture.allOf(all).orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    List<Message> got = listener.messages(threads * each);
    for (int t = 0; t < threads; t++) {
      String topic = root + "thread-" + t;
      assertEquals(
          IntStream.range(0, each).boxed().toList(),
          numbers(got.stream().filter(message -> message.topic().equals(topic)).toList()));
    }
    assertEquals(0, listener.inbox.dropped());
  }

  @Test
  void open_clientIdInUse_disconnectsTheFirst() {
    Client first = speaker();
    Client second = new Client(first.session).connected();
    soon().until(() -> first.changes().contains("Disconnected"));
    second.close();
  }
}
