package chorale.broker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.BrokerSettings;
import chorale.mqtt.PahoBus;
import chorale.mqtt.WhenRefused;
import chorale.protocol.Bytes;
import chorale.protocol.CapturedLog;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.access.UserRole;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Credentials;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded broker with users and WebSocket; shared, because its start takes seconds. */
class EmbeddedBrokerTest {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Bytes JPEG = Bytes.utf8("jpeg");

  @TempDir private static Path scratch;
  @TempDir private Path unused;

  private static EmbeddedBroker broker;
  private static UncaughtExceptionHandler handlerBefore;

  private final List<Bus> buses = new ArrayList<>();

  @BeforeAll
  static void start() {
    handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
    broker =
        EmbeddedBroker.start(
            BrokerUsers.settings(
                BrokerUsers.write(
                    scratch.resolve("users"),
                    BrokerUsers.user("gate", UserRole.CAMERA, "g"),
                    BrokerUsers.user("site", UserRole.OPERATOR, "s"),
                    BrokerUsers.user("wall", UserRole.DASHBOARD, "w"))),
            scratch,
            System::nanoTime,
            Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void close() {
    buses.parallelStream().forEach(Bus::close);
  }

  private record Client(Bus bus, Inbox inbox) {
    private BusEvent next() {
      await().atMost(SOON).until(() -> inbox.size() > 0);
      return inbox.poll().orElseThrow();
    }

    private Client connected() {
      await().atMost(SOON).until(bus::isConnected);
      return this;
    }

    private Message nextMessage() {
      while (true) {
        if (next() instanceof BusEvent.Delivered delivered) {
          return delivered.message();
        }
      }
    }
  }

  private Client open(String user, String password, String... filters) {
    return open(WhenRefused.TRY_AGAIN, user, password, filters);
  }

  private Client command(String user, String password, String... filters) {
    return open(WhenRefused.END, user, password, filters);
  }

  private Client open(WhenRefused whenRefused, String user, String password, String... filters) {
    ConnectionSettings base = RealBrokerContract.settings(broker.port());
    Optional<Credentials> credentials =
        user.isEmpty() ? Optional.empty() : Optional.of(new Credentials(user, password));
    ConnectionSettings settings =
        new ConnectionSettings(
            base.broker(), credentials, base.tls(), base.timing(), base.inFlight(), base.outbox());
    Inbox inbox = new Inbox(100, 1_000_000);
    List<Subscription> subscriptions = Stream.of(filters).map(Subscription::withRetained).toList();
    Session session = Session.of("test-" + user + buses.size(), subscriptions);
    Bus bus = PahoBus.factory(settings, whenRefused).open(session, inbox);
    buses.add(bus);
    return new Client(bus, inbox);
  }

  private static void join(CompletionStage<Void> sent) {
    sent.toCompletableFuture().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static void assertRefused(CompletionStage<Void> sent) {
    String refusal = assertThrows(CompletionException.class, () -> join(sent)).getMessage();
    assertTrue(refusal.contains("0x87 not authorized"), refusal);
  }

  private static Message image(String camera) {
    return Message.of("chorale/home/camera/" + camera + "/image", JPEG);
  }

  @Test
  void connect_withoutUser_isRefusedPermanently() {
    BusEvent event = command("", "").next();
    assertTrue(event instanceof BusEvent.Ended, () -> "got " + event);
  }

  @Test
  void connect_wrongPassword_isRefusedPermanently() {
    BusEvent event = command("gate", "wrong").next();
    assertTrue(event.toString().contains("user gate: 0x86"), event::toString);
  }

  @Test
  void publish_camera_reachesAServiceFromItsOwnTopicOnly() {
    Client service = open("site", "s", "chorale/home/camera/+/image").connected();
    Client camera = open("gate", "g").connected();
    assertRefused(camera.bus().publish(image("door")));
    assertRefused(camera.bus().publish(Message.of("chorale/home/camera/gate/result", JPEG)));
    join(camera.bus().publish(image("gate")));
    assertEquals("chorale/home/camera/gate/image", service.nextMessage().topic());
  }

  @Test
  void subscribe_cameraToAnothersResults_isRefusedAndNamed() {
    Client camera = command("gate", "g", "chorale/home/camera/door/result");
    assertTrue(camera.next() instanceof BusEvent.Connected);
    BusEvent event = camera.next();
    assertTrue(event instanceof BusEvent.Ended, () -> "got " + event);
    assertTrue(event.toString().contains("chorale/home/camera/door/result"), event::toString);
    assertTrue(event.toString().contains("0x87 not authorized"), event::toString);
  }

  @Test
  void subscribe_cameraAndDashboard_getTheResult() {
    Client camera =
        open("gate", "g", "chorale/home/camera/gate/result", "chorale/home/worker/+/info")
            .connected();
    Client dashboard =
        open("wall", "w", "chorale/home/camera/+/result", "chorale/home/worker/+/info").connected();
    Client service = open("site", "s").connected();
    join(service.bus().publish(Message.of("chorale/home/camera/gate/result", Bytes.utf8("{}"))));
    assertEquals("{}", camera.nextMessage().payload().utf8());
    assertEquals("{}", dashboard.nextMessage().payload().utf8());
    assertRefused(dashboard.bus().publish(image("gate")));
  }

  @Test
  void publish_mqtt311Camera_reachesAService() throws IOException {
    Client service = open("site", "s", "chorale/home/camera/+/image").connected();
    try (RawClient camera = new RawClient(broker.port(), RawClient.MQTT_311)) {
      assertEquals(0, camera.connect("old-camera", "gate", "g", "").at(1), "accepted");
      camera.publish("chorale/home/camera/gate/image", 0, false, JPEG.toArray());
      Message got = service.nextMessage();
      assertEquals(JPEG, got.payload());
      assertEquals(MessageProperties.NONE, got.properties());
    }
  }

  private static String upgrade(String origin) throws IOException {
    int port = broker.webSocketPort().orElseThrow();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          """
          GET /mqtt HTTP/1.1
          Host: 127.0.0.1
          Upgrade: websocket
          Connection: Upgrade
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
          Sec-WebSocket-Version: 13
          Sec-WebSocket-Protocol: mqtt
          %s
          """
              .formatted(origin.isEmpty() ? "" : "Origin: " + origin + "\n");
      socket
          .getOutputStream()
          .write(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
      byte[] status = new byte["HTTP/1.1 101".length()];
      new DataInputStream(socket.getInputStream()).readFully(status);
      return new String(status, StandardCharsets.US_ASCII);
    }
  }

  @Test
  void webSocket_upgradeOfAProgramOrAnAllowedPage_isAnswered() throws IOException {
    assertEquals("HTTP/1.1 101", upgrade(""));
    assertEquals("HTTP/1.1 101", upgrade("http://localhost:8080"));
    assertEquals("HTTP/1.1 101", upgrade("https://panel.example.org"));
  }

  @Test
  void webSocket_upgradeOfAnotherPage_isRefusedAndReported() throws IOException {
    try (CapturedLog log = new CapturedLog(EmbeddedBroker.class)) {
      assertEquals("HTTP/1.1 403", upgrade("https://evil.example"));
      assertEquals(
          1, log.count("web page from 'https://evil.example' (127.0.0.1)"), log.lines()::toString);
    }
  }

  @Test
  void start_uncaughtExceptionHandler_isUnchanged() {
    assertSame(handlerBefore, Thread.getDefaultUncaughtExceptionHandler());
  }

  private static BrokerSettings settings(int port, String bind) {
    return new BrokerSettings(port, Optional.empty(), bind);
  }

  private String refusal(Class<? extends Exception> type, BrokerSettings settings) {
    return assertThrows(
            type,
            () ->
                EmbeddedBroker.start(settings, unused, System::nanoTime, Clock.systemUTC()).close())
        .getMessage();
  }

  @Test
  void start_portInUse_namesTheRemedy() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String text =
          refusal(IllegalStateException.class, settings(taken.getLocalPort(), "127.0.0.1"));
      assertTrue(text.startsWith("broker.port: cannot listen on 127.0.0.1:"), text);
      assertTrue(text.contains("choose another port"), text);
    }
  }

  @Test
  void start_otherAddressWithoutUsers_isRefused() {
    String text = refusal(IllegalArgumentException.class, settings(0, "0.0.0.0"));
    assertTrue(text.startsWith("broker.bind: '0.0.0.0'"), text);
  }
}
