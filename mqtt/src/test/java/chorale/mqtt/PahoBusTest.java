package chorale.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.CapturedLog;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.bus.BrokerAddress;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Credentials;
import chorale.protocol.bus.ConnectionSettings.Timing;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.PublishException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the Paho bus against a server that misbehaves on request. */
class PahoBusTest {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Bytes HELLO = Bytes.utf8("hello");

  private ScriptedBroker broker = new ScriptedBroker(0);
  private final Inbox inbox = new Inbox(100, 1_000_000);
  private final List<BusEvent> events = new ArrayList<>();
  private Optional<PahoBus> open = Optional.empty();

  @AfterEach
  void close() throws IOException {
    open.ifPresent(PahoBus::close);
    broker.close();
  }

  private static ConnectionSettings settings(int port) {
    Timing impatient =
        new Timing(
            Duration.ofMillis(1500),
            Duration.ofSeconds(5),
            Duration.ofMillis(10),
            Duration.ofMillis(50));
    return new ConnectionSettings(
        new BrokerAddress(false, "127.0.0.1", port),
        Optional.of(new Credentials("gate", "secret")),
        Optional.empty(),
        impatient,
        64,
        1000);
  }

  private PahoBus open() {
    return open(WhenRefused.TRY_AGAIN);
  }

  private PahoBus open(WhenRefused whenRefused) {
    Session session = Session.of("chorale-worker-test", List.of(Subscription.live("a/+")));
    PahoBus bus =
        (PahoBus) PahoBus.factory(settings(broker.port()), whenRefused).open(session, inbox);
    open = Optional.of(bus);
    return bus;
  }

  private void openWithOptional() {
    Session session =
        Session.of(
            "chorale-worker-test",
            List.of(Subscription.live("a/+"), Subscription.optional("wide/#")));
    open = Optional.of((PahoBus) PahoBus.factory(settings(broker.port())).open(session, inbox));
  }

  private PahoBus connected() {
    PahoBus bus = open();
    await().atMost(SOON).until(bus::isConnected);
    return bus;
  }

  private <T extends BusEvent> T awaitEvent(Class<T> type) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              inbox.poll().ifPresent(events::add);
              return !events.isEmpty() && type.isInstance(events.get(events.size() - 1));
            });
    return type.cast(events.get(events.size() - 1));
  }

  private static void join(CompletionStage<Void> sent) {
    sent.toCompletableFuture().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static String refusal(CompletionStage<Void> sent) {
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () -> sent.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS));
    return assertInstanceOf(PublishException.class, failed.getCause()).getMessage();
  }

  @Test
  void open_serverDoesNotAnswer_triesAgainUntilItDoes() {
    broker.silent = true;
    PahoBus bus = open();
    await().atMost(SOON).until(() -> broker.attempts.get() >= 2);
    assertEquals(0, inbox.size());
    broker.silent = false;
    await().atMost(SOON).until(bus::isConnected);
  }

  @Test
  void open_serverClosesAtOnce_leavesNoThreads() {
    broker.hangsUp = true;
    PahoBus bus = open();
    await().atMost(SOON).until(() -> broker.attempts.get() >= 10);
    broker.hangsUp = false;
    await().atMost(SOON).until(bus::isConnected);
    // The thread of the connection that holds.
    await().atMost(SOON).until(() -> connectingThreads() <= 1);
  }

  private static long connectingThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("MQTT Con: chorale-worker-test"))
        .count();
  }

  @Test
  void open_nothingListens_connectsOnceABrokerStarts() throws IOException {
    int port = broker.port();
    broker.close();
    PahoBus bus =
        (PahoBus)
            PahoBus.factory(settings(port))
                .open(Session.of("chorale-worker-test", List.of()), inbox);
    open = Optional.of(bus);
    var waiting = bus.publish(Message.of("a/b", HELLO));
    // Another program may have taken the port in the meantime.
    broker =
        await()
            .atMost(SOON)
            .ignoreException(UncheckedIOException.class)
            .until(() -> new ScriptedBroker(port), Objects::nonNull);
    join(waiting);
    assertInstanceOf(BusEvent.Connected.class, awaitEvent(BusEvent.Connected.class));
  }

  @Test
  void open_brokerStillStarting_logsNothing() throws IOException {
    try (CapturedLog log = new CapturedLog(PahoBus.class)) {
      broker.close();
      open =
          Optional.of(
              (PahoBus)
                  PahoBus.factory(settings(broker.port()))
                      .open(Session.of("chorale-worker-test", List.of()), inbox));
      await().atMost(SOON).pollInterval(Duration.ofMillis(2)).until(PahoBusTest::isBetweenAttempts);

      assertEquals(0, log.count("no connection to"), log.lines()::toString);
    }
  }

  private static boolean isBetweenAttempts() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getName().equals("mqtt-supervisor-chorale-worker-test"))
        .anyMatch(
            each ->
                each.getValue().length > 0
                    && each.getValue()[0].getMethodName().startsWith("sleep"));
  }

  @Test
  void connected_pahosOwnLog_isSilent() {
    connected();
    assertFalse(
        java.util.logging.Logger.getLogger("org.eclipse.paho.mqttv5.client.internal.CommsSender")
            .isLoggable(java.util.logging.Level.SEVERE));
  }

  @Test
  void connect_nothingListens_differsFromARefusal() throws IOException {
    broker.connackCode = 0x89;
    assertFalse(failureToConnect(broker.port()).isNothingListening());
    broker.close();
    // The server's thread may still accept one connection.
    await().atMost(SOON).until(() -> failureToConnect(broker.port()).isNothingListening());
  }

  private ConnectionException failureToConnect(int port) {
    Session session = Session.of("chorale-worker-test", List.of());
    Client about = new Client(settings(port), session, Optional.empty(), WhenRefused.TRY_AGAIN);
    Arrivals arrivals = new Arrivals(session.clientId(), inbox, System::nanoTime);
    return assertThrows(ConnectionException.class, () -> Connection.open(about, arrivals));
  }

  @Test
  void subscribe_refused_namesTheFilterAndTriesAgain() {
    broker.subackCode = 0x87;
    open();
    BusEvent.Disconnected refused = awaitEvent(BusEvent.Disconnected.class);
    assertTrue(refused.reason().contains("a/+"), refused::reason);
    assertTrue(refused.reason().contains("0x87 not authorized"), refused::reason);
    broker.subackCode = 1;
    awaitEvent(BusEvent.Subscribed.class);
  }

  @Test
  void subscribe_optionalRefused_connectsWithoutIt() {
    broker.specialFilter = "wide/#";
    broker.specialSubackCode = 0x87;
    openWithOptional();
    awaitEvent(BusEvent.Subscribed.class);
    assertEquals(2, broker.subscribed.get());
    assertEquals(1, broker.attempts.get());
  }

  @Test
  void subscribe_connectionEndsOverOptional_reconnectsWithoutIt() {
    broker.specialFilter = "wide/#";
    openWithOptional();
    awaitEvent(BusEvent.Subscribed.class);
    assertEquals(3, broker.subscribed.get());
    assertEquals(2, broker.attempts.get());
  }

  @Test
  void subscribe_refusedForACommand_endsAndNamesTheFilter() {
    broker.subackCode = 0x87;
    open(WhenRefused.END);
    BusEvent.Ended ended = awaitEvent(BusEvent.Ended.class);
    assertEquals(
        "the broker refused the subscription to a/+ of user gate: 0x87 not authorized",
        ended.reason());
    assertEquals(1, broker.attempts.get());
    assertEquals(2, events.size(), "one event for connected and one for ended");
  }

  @Test
  void connect_badCredentialsOfACommand_endsAndNamesTheUser() {
    broker.connackCode = 0x86;
    PahoBus bus = open(WhenRefused.END);
    BusEvent.Ended ended = awaitEvent(BusEvent.Ended.class);
    assertEquals(1, events.size());
    assertEquals(
        "the broker at mqtt://127.0.0.1:%d refuses user gate: 0x86 bad user name or password"
            .formatted(broker.port()),
        ended.reason());
    assertTrue(refusal(bus.publish(Message.of("a/b", HELLO))).contains("user gate"));
    assertEquals(1, broker.attempts.get());
  }

  @Test
  void connect_badCredentialsOfAService_triesAgainUntilCorrected() {
    broker.connackCode = 0x86;
    PahoBus bus = open();
    await().atMost(SOON).until(() -> broker.attempts.get() >= 2);
    assertEquals(0, inbox.size());
    broker.connackCode = 0;
    await().atMost(SOON).until(bus::isConnected);
  }

  @Test
  void publish_notAuthorizedForACommand_endsAndNamesTheTopic() {
    broker.pubackCode = 0x87;
    PahoBus bus = open(WhenRefused.END);
    await().atMost(SOON).until(bus::isConnected);
    assertTrue(refusal(bus.publish(Message.of("a/b", HELLO))).contains("0x87 not authorized"));
    BusEvent.Ended ended = awaitEvent(BusEvent.Ended.class);
    assertTrue(ended.reason().contains("a message on a/b"), ended::reason);
  }

  @Test
  void publish_textThatPahoCannotEncode_failsAndKeepsTheConnection() {
    PahoBus bus = connected();
    MessageProperties bad =
        MessageProperties.NONE.withResponseTopic(Optional.of("a/\u0001")).withUser("a", "b");
    assertTrue(
        refusal(bus.publish(Message.of("a/b", HELLO).with(bad))).contains("control character"));
    MessageProperties huge = MessageProperties.NONE.withUser("a", "b".repeat(65_536));
    assertTrue(refusal(bus.publish(Message.of("a/b", HELLO).with(huge))).contains("65535 bytes"));
    Bytes tooMuch = Bytes.wrap(new byte[65_536]);
    assertTrue(
        refusal(
                bus.publish(
                    Message.of("a/b", HELLO)
                        .with(MessageProperties.NONE.withCorrelation(Optional.of(tooMuch)))))
            .contains("65535 bytes"));
    join(bus.publish(Message.of("a/b", HELLO).with(MessageProperties.NONE.withUser("ä", "😀"))));
    assertEquals(1, broker.attempts.get());
  }

  @Test
  void deliver_32768BytesOfCorrelation_arrivesAndIsAcknowledged() throws IOException {
    connected();
    awaitEvent(BusEvent.Subscribed.class);
    broker.send(
        Packets.publish(
            Packets.utf8("a/b"),
            1,
            Packets.properties(Packets.correlation(new byte[32_768])),
            "jpeg"));
    broker.send(Packets.publish(Packets.utf8("a/b"), 2, Packets.properties(new byte[] {0x7E}), ""));
    broker.send(Packets.publish("a/c", 3, "jpeg"));
    BusEvent.Delivered first = awaitEvent(BusEvent.Delivered.class);
    assertEquals(32_768, first.message().properties().correlation().map(Bytes::size).orElseThrow());
    BusEvent.Delivered next = awaitEvent(BusEvent.Delivered.class);
    assertEquals("a/c", next.message().topic(), "the malformed message is omitted");
    await().atMost(SOON).until(() -> broker.acknowledged.equals(List.of(1, 2, 3)));
    assertEquals(1, broker.attempts.get());
  }

  @Test
  void deliver_unexpectedPacket_causesOneReconnect() throws IOException {
    connected();
    awaitEvent(BusEvent.Subscribed.class);
    broker.send(new byte[] {0x30, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F});
    BusEvent.Disconnected lost = awaitEvent(BusEvent.Disconnected.class);
    assertEquals(
        "the broker sent a malformed packet: PUBLISH of 268435455 bytes, allowed: 4259840",
        lost.reason());
    awaitEvent(BusEvent.Subscribed.class);
    assertEquals(2, broker.attempts.get());
  }

  @Test
  void connect_notABroker_triesAgain() {
    broker.welcome = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    PahoBus bus = open();
    await().atMost(SOON).until(() -> broker.attempts.get() >= 2);
    broker.welcome = new byte[0];
    await().atMost(SOON).until(bus::isConnected);
  }

  @Test
  void connect_brokerWithOnlyMqtt311_saysThatTheVersionIsNotSupported() {
    broker.welcome = new byte[] {0x20, 2, 0, 1};
    open(WhenRefused.END);
    String reason = awaitEvent(BusEvent.Ended.class).reason();
    assertTrue(reason.endsWith("refuses this client: 0x84 protocol version not supported"), reason);
  }

  @Test
  void connect_serverBusy_triesAgain() {
    broker.connackCode = 0x89;
    PahoBus bus = open();
    await().atMost(SOON).until(() -> broker.attempts.get() >= 2);
    broker.connackCode = 0;
    await().atMost(SOON).until(bus::isConnected);
  }

  @Test
  void disconnect_takenOver_endsACommandAndNamesTheClash() throws IOException {
    PahoBus bus = open(WhenRefused.END);
    await().atMost(SOON).until(bus::isConnected);
    broker.disconnect(0x8E);
    BusEvent.Ended ended = awaitEvent(BusEvent.Ended.class);
    assertEquals(
        "client id chorale-worker-test was taken over by another client; is a second worker running"
            + " under the same name?",
        ended.reason());
    assertEquals(1, broker.attempts.get());
  }

  @Test
  void disconnect_takenOver_reconnectsAService() throws IOException {
    connected();
    awaitEvent(BusEvent.Subscribed.class);
    broker.disconnect(0x8E);
    awaitEvent(BusEvent.Subscribed.class);
    assertEquals(2, broker.attempts.get());
  }

  @Test
  void disconnect_serverShuttingDown_reconnects() throws IOException {
    connected();
    awaitEvent(BusEvent.Subscribed.class);
    broker.disconnect(0x8B);
    assertTrue(awaitEvent(BusEvent.Disconnected.class).reason().contains("0x8B"));
    awaitEvent(BusEvent.Subscribed.class);
  }

  @Test
  void disconnect_repeatedlyBlamesAMessage_failsIt() throws IOException {
    broker.refusedTopic = "a/bad";
    PahoBus bus = connected();
    String refusal = refusal(bus.publish(Message.of("a/bad", HELLO)));
    assertTrue(refusal.contains("0x87 not authorized"), refusal);
    join(bus.publish(Message.of("a/good", HELLO)));
    assertEquals(List.of("a/bad", "a/bad", "a/bad", "a/good"), broker.topics);
  }

  @Test
  void publish_pubackRefuses_failsAndNamesTheCode() {
    PahoBus bus = connected();
    broker.pubackCode = 0x97;
    String refusal = refusal(bus.publish(Message.of("a/b", HELLO)));
    assertTrue(refusal.contains("a/b") && refusal.contains("0x97 quota exceeded"), refusal);
    broker.pubackCode = 0x10;
    join(bus.publish(Message.of("a/b", HELLO)));
  }

  @Test
  void publish_receiveMaximum65535_isAccepted() {
    broker.receiveMaximum = 65_535;
    join(connected().publish(Message.of("a/b", HELLO)));
  }

  @Test
  void publish_receiveMaximum3_sendsNoMoreUnacknowledged() throws IOException {
    broker.receiveMaximum = 3;
    broker.holdAcks = true;
    PahoBus bus = connected();
    List<CompletionStage<Void>> sent =
        IntStream.range(0, 10).mapToObj(i -> bus.publish(Message.of("a/" + i, HELLO))).toList();
    await().atMost(SOON).until(() -> broker.topics.size() == 3);
    // A fourth message would arrive with the others; the wait gives it time.
    await().during(Duration.ofMillis(200)).until(() -> broker.topics.size() == 3);
    broker.releaseAcks();
    sent.forEach(PahoBusTest::join);
    assertEquals(IntStream.range(0, 10).mapToObj(i -> "a/" + i).toList(), broker.topics);
  }

  @Test
  void publish_brokerOffersTopicAliases_alwaysNamesTheTopic() {
    PahoBus bus = connected();
    for (int i = 0; i < 3; i++) {
      join(bus.publish(Message.of("a/b", HELLO)));
    }
    assertEquals(List.of("a/b", "a/b", "a/b"), broker.topics);
  }

  @Test
  void publish_unacknowledgedWhenCut_isSentAgainInOrder() throws IOException {
    broker.holdAcks = true;
    PahoBus bus = connected();
    var first = bus.publish(Message.of("a/1", HELLO));
    var second = bus.publish(Message.of("a/2", HELLO));
    await().atMost(SOON).until(() -> broker.topics.size() == 2);
    broker.holdAcks = false;
    broker.cut();
    join(first);
    join(second);
    assertEquals(List.of("a/1", "a/2", "a/1", "a/2"), broker.topics);
  }

  @Test
  void publish_largerThanTheBrokersLimit_failsAndKeepsTheConnection() {
    broker.maximumPacketSize = 1000;
    PahoBus bus = connected();
    String refusal = refusal(bus.publish(Message.of("a/b", Bytes.wrap(new byte[1000]))));
    assertTrue(refusal.contains("1000 bytes for a/b"), refusal);
    join(bus.publish(Message.of("a/b", Bytes.wrap(new byte[900]))));
    assertEquals(1, broker.attempts.get());
  }

  @Test
  void deliver_publishCallbackHangs_messagesStillArriveAndAreAcknowledged() throws Exception {
    PahoBus bus = connected();
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    broker.holdAcks = true; // otherwise the callback may be attached too late and block this thread
    var unused =
        bus.publish(Message.of("a/b", HELLO))
            .thenRun(
                () -> {
                  hangs.countDown();
                  awaitQuietly(goesOn);
                });
    await().atMost(SOON).until(() -> broker.topics.size() == 1);
    broker.releaseAcks();
    assertTrue(hangs.await(SOON.toSeconds(), TimeUnit.SECONDS));
    // More messages than Paho's own queue holds.
    for (int id = 1; id <= 12; id++) {
      broker.deliver("a/" + id, id);
    }
    try {
      await()
          .atMost(SOON)
          .until(
              () -> {
                inbox.poll().ifPresent(events::add);
                return events.stream().filter(BusEvent.Delivered.class::isInstance).count() == 12;
              });
      await()
          .atMost(SOON)
          .until(() -> broker.acknowledged.equals(IntStream.rangeClosed(1, 12).boxed().toList()));
    } finally {
      goesOn.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void connected_socket_sendsWithoutDelay() throws IOException {
    assertTrue(connected().isNoDelay());
  }
}
