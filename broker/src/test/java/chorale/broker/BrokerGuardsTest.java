package chorale.broker;

import static chorale.broker.RawClient.MQTT_311;
import static chorale.broker.RawClient.MQTT_5;
import static chorale.broker.RawClient.binary;
import static chorale.broker.RawClient.bytes;
import static chorale.broker.RawClient.join;
import static chorale.broker.RawClient.text;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.broker.RawClient.Packet;
import chorale.config.BrokerSettings.CameraRate;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.CapturedLog;
import chorale.protocol.Limits;
import chorale.protocol.Message;
import chorale.protocol.NearTopics;
import chorale.protocol.access.UserRole;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Credentials;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded broker's protection against clients, and its reports. */
class BrokerGuardsTest {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String GATE = "chorale/home/camera/gate/image";
  private static final byte[] JPEG = bytes('j', 'p', 'e', 'g');
  private static final int RATE = 50;

  private static EmbeddedBroker broker;
  @TempDir private static Path scratch;

  private static Inbox inbox;
  private static Bus service;

  private final CapturedLog log = new CapturedLog(EmbeddedBroker.class);
  private final List<Message> heard = new ArrayList<>();
  private int returned;
  private final List<RawClient> clients = new ArrayList<>();

  @BeforeAll
  static void start() {
    broker =
        EmbeddedBroker.start(
            BrokerUsers.settings(
                BrokerUsers.write(
                    scratch.resolve("users"),
                    BrokerUsers.user("gate", UserRole.CAMERA, "g"),
                    BrokerUsers.user("door", UserRole.CAMERA, "d"),
                    BrokerUsers.user("yard", UserRole.CAMERA, "y"),
                    BrokerUsers.user("near", UserRole.AGGREGATOR, "n"),
                    BrokerUsers.user("pi1", UserRole.WORKER, "p"),
                    BrokerUsers.user("site", UserRole.OPERATOR, "s")),
                new CameraRate(RATE, 0)),
            scratch,
            System::nanoTime,
            Clock.systemUTC());
    inbox = new Inbox(10_000, 256 << 20);
    service = listener("chorale-aggregator-test", inbox);
  }

  @AfterAll
  static void stop() {
    service.close();
    broker.close();
  }

  private static ConnectionSettings asService() {
    return as("site", "s");
  }

  private static ConnectionSettings as(String user, String password) {
    ConnectionSettings base = RealBrokerContract.settings(broker.port());
    return new ConnectionSettings(
        base.broker(),
        Optional.of(new Credentials(user, password)),
        base.tls(),
        base.timing(),
        base.inFlight(),
        base.outbox());
  }

  private static Bus listener(String clientId, Inbox to) {
    Session session =
        new Session(
            clientId,
            Stream.of("chorale/home/camera/+/image", "chorale/home/camera/+/availability")
                .map(Subscription::withRetained)
                .toList(),
            Optional.empty(),
            List.of());
    Bus bus = PahoBus.factory(asService()).open(session.withOversize(), to);
    await().atMost(SOON).until(bus::isConnected);
    return bus;
  }

  @BeforeEach
  void forget() {
    heard();
    returned = heard.size();
  }

  @AfterEach
  void close() throws IOException {
    for (RawClient each : clients) {
      each.close();
    }
    log.close();
  }

  private RawClient raw(int version) throws IOException {
    RawClient client = new RawClient(broker.port(), version);
    clients.add(client);
    return client;
  }

  private RawClient camera(int version, String id, String will) throws IOException {
    RawClient client = raw(version);
    assertEquals(0, client.connect(id, "gate", "g", will).at(1), "accepted");
    return client;
  }

  private RawClient camera(int version, String id) throws IOException {
    return camera(version, id, "");
  }

  private List<Message> heard() {
    for (var event = inbox.poll(); event.isPresent(); event = inbox.poll()) {
      if (event.get() instanceof BusEvent.Delivered delivered) {
        heard.add(delivered.message());
      }
    }
    return heard;
  }

  /** Returns the first message that has not been returned yet. */
  private Message next() {
    await().atMost(SOON).until(() -> heard().size() > returned);
    return heard.get(returned++);
  }

  /** Publishes a frame and asserts that it is the next message delivered. */
  private void assertOnlyThisIsHeard(RawClient camera) throws IOException {
    assertEquals(0x40, camera.publish(GATE, 99, false, bytes('l', 'a', 's', 't')).read().first());
    assertEquals("last", next().payload().utf8());
  }

  private void assertReported(String... parts) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertTrue(
                    log.lines().stream()
                        .anyMatch(line -> Stream.of(parts).allMatch(line::contains)),
                    log.lines()::toString));
  }

  @Test
  void publish_retained_isDeliveredButNotRetained() throws IOException {
    RawClient camera = camera(MQTT_311, "retainer");
    camera.publish(GATE, 0, true, JPEG);
    Message got = next();
    assertEquals(Bytes.wrap(JPEG), got.payload());
    assertFalse(got.retain());
    Inbox late = new Inbox(100, 1 << 20);
    try (Bus other = listener("chorale-aggregator-late", late)) {
      assertOnlyThisIsHeard(camera);
      // Connected, subscribed, and the live message: nothing was retained.
      await().atMost(SOON).until(() -> late.size() == 3);
      assertTrue(other.isConnected());
    }
    assertReported("'retainer' (user 'gate', 127.0.0.1)", "retain flag");
  }

  @Test
  void lastWill_onOwnImages_isIgnoredAndReported() throws IOException {
    camera(MQTT_311, "will-image", GATE).close();
    assertReported(
        "'will-image'", "has its last will on '" + GATE + "', which is a topic for images");
    assertOnlyThisIsHeard(camera(MQTT_5, "after-will"));
  }

  @Test
  void lastWill_onOwnAvailability_isPublished() throws IOException {
    String availability = "chorale/home/camera/gate/availability";
    camera(MQTT_5, "will-availability", availability).close();
    Message got = next();
    assertEquals(availability, got.topic());
    assertEquals("offline", got.payload().utf8());
    RawClient tidy = camera(MQTT_5, "tidy");
    assertEquals(0x40, tidy.publish(availability, 1, true, new byte[0]).read().first());
    assertTrue(next().payload().isEmpty());
  }

  @Test
  void publish_retainedByABoard_keepsOnlyItsStatus() throws IOException {
    RawClient board = raw(MQTT_5);
    assertEquals(0, board.connect("chorale-worker-pi1", "pi1", "p", "").at(1));
    String reply = "chorale/home/camera/%s/reply/V1/pi1";
    for (String camera : List.of("gate", "a b")) {
      board.publish(reply.formatted(camera), 1, true, JPEG).read();
    }
    board.publish("chorale/home/camera/gate/tensor/x", 2, true, JPEG).read();
    board.publish("chorale/home/worker/pi1/health", 3, true, new byte[65_537]).read();
    board.publish("chorale/home/worker/pi1/info", 4, true, JPEG).read();

    RawClient trusted = raw(MQTT_5);
    assertEquals(0, trusted.connect("trusted-kept", "site", "s", "").at(1));
    for (String filter : List.of("reply/#", "tensor/#")) {
      trusted.subscribe("chorale/home/camera/+/" + filter, 0);
    }
    trusted.subscribe("chorale/home/worker/pi1/#", 0);
    Packet kept = trusted.read();
    assertTrue(kept.contains("chorale/home/worker/pi1/info"), kept::toString);
    board.publish("chorale/home/worker/pi1/info", 5, true, new byte[0]).read();
    Packet next = trusted.read();
    assertTrue(next.contains("chorale/home/worker/pi1/info"), next::toString);
  }

  @Test
  void lastWill_elsewhere_isIgnoredAndTheCameraIsAdmitted() throws IOException {
    RawClient camera = camera(MQTT_311, "will-elsewhere", "tele/gate/LWT");
    assertReported("'will-elsewhere'", "'tele/gate/LWT', where it may not publish");
    assertOnlyThisIsHeard(camera);
  }

  @Test
  void publish_withoutTheRight_isDroppedAndReportedOnceAndTheConnectionStays() throws IOException {
    RawClient old = camera(MQTT_311, "old-stranger");
    old.publish("chorale/home/camera/door/image", 0, false, JPEG);
    assertEquals(
        0x40, old.publish("chorale/home/camera/door/image", 7, false, JPEG).read().first());
    assertReported("'old-stranger'", "may not publish on 'chorale/home/camera/door/image'");
    assertOnlyThisIsHeard(old);
    assertEquals(1, log.count("'old-stranger'"), log.lines()::toString);

    RawClient camera = camera(MQTT_5, "stranger");
    Packet refusal = camera.publish("tele/gate", 7, false, JPEG).read();
    assertEquals(0x87, refusal.at(2));
    assertTrue(refusal.contains("may publish on: chorale/home/camera/gate/image"));
    assertOnlyThisIsHeard(camera);
  }

  @Test
  void publish_similarTopic_isReportedWithTheRightOne() throws IOException {
    RawClient camera = camera(MQTT_311, "near-miss");
    camera.publish("chorale/Home/camera/gate/image/", 0, false, JPEG);
    assertReported("'near-miss'", "the topic for images is '" + GATE + "'");
    assertOnlyThisIsHeard(camera);

    RawClient trusted = raw(MQTT_5);
    assertEquals(0, trusted.connect("trusted", "site", "s", "").at(1));
    assertEquals(
        0x10, trusted.publish("chorale/home/gate/image", 1, false, JPEG).read().at(2), "nobody");
    assertReported("'trusted'", "where images get no answer; a level is missing", "'" + GATE + "'");
  }

  @Test
  void subscribe_aggregatorToSimilarTopics_isGranted() throws IOException {
    Inbox near = new Inbox(100, 1 << 20);
    Session session =
        Session.of(
            "chorale-aggregator-near",
            NearTopics.filters("home").stream().map(Subscription::optional).toList());
    try (Bus bus = PahoBus.factory(as("near", "n")).open(session, near)) {
      await().atMost(SOON).until(bus::isConnected);
      RawClient trusted = raw(MQTT_5);
      assertEquals(0, trusted.connect("trusted-near", "site", "s", "").at(1));
      for (String topic : List.of(GATE, "chorale/home/cameras/gate/image", GATE + '/')) {
        trusted.publish(topic, 1, false, JPEG).read();
      }
      // Connected, subscribed, and the two similar topics.
      await().atMost(SOON).until(() -> near.size() == 4);
      assertReported("'trusted-near'", "a level is misspelled", "'" + GATE + "'");
      assertEquals(GATE, next().topic());
    }
    assertEquals(0, log.count("may not subscribe"), log.lines()::toString);
  }

  @Test
  void subscribe_withoutTheRight_isReported() throws IOException {
    RawClient camera = camera(MQTT_311, "curious");
    camera.send(RawClient.packet(0x82, bytes(0, 1), text("chorale/#"), bytes(0)));
    assertEquals(0x80, camera.read().at(2));
    assertReported(
        "'curious'", "may not subscribe to 'chorale/#'", "chorale/home/camera/gate/result");
    assertEquals(
        0x80, camera.subscribe("$share/all/chorale/home/camera/gate/result", 0).at(2), "shared");
    camera.send(
        RawClient.packet(0x82, bytes(0, 2), text("chorale/home/camera/gate/results"), bytes(0)));
    assertReported("'curious'", "the topic for results is 'chorale/home/camera/gate/result'");
  }

  @Test
  void publish_oversizedProperties_areRefusedAndSmallOnesPass() throws IOException {
    RawClient camera = camera(MQTT_5, "talkative");
    byte[] correlation = join(bytes(0x09), binary(new byte[40_000]));
    Packet refusal = camera.publish(GATE, 1, false, JPEG, correlation).read();
    assertEquals(0x97, refusal.at(2));
    assertTrue(refusal.contains("correlation data of 40000 bytes, allowed: 1 to 64"));
    byte[] user = join(bytes(0x26), text("a"), text("b".repeat(20_000)));
    assertEquals(0x97, camera.publish(GATE, 2, false, JPEG, user).read().at(2));
    camera.publish(GATE, 3, false, JPEG, join(bytes(0x09), binary(new byte[65]))).read();
    assertEquals(65, next().properties().correlation().map(Bytes::size).orElseThrow());
    camera.publish(GATE, 4, false, JPEG, join(bytes(0x09), binary(new byte[0]))).read();
    assertEquals(Optional.of(Bytes.EMPTY), next().properties().correlation(), "empty, but present");
    assertOnlyThisIsHeard(camera);
    assertReported("'talkative'", "correlation data of 40000 bytes");
  }

  @Test
  void publish_fasterThanTheRate_isDroppedAndReportedAndOthersGetThrough() throws IOException {
    String yard = "chorale/home/camera/yard/image";
    RawClient flood = raw(MQTT_5);
    assertEquals(0, flood.connect("flood", "yard", "y", "").at(1));
    for (int id = 1; id <= 4 * RATE; id++) {
      flood.publish(yard, id, false, JPEG);
    }
    int refused = 0;
    for (int i = 0; i < 4 * RATE; i++) {
      Packet ack = flood.read();
      if (ack.hex().length() > 4 && ack.at(2) == 0x97) {
        refused++;
        assertTrue(ack.contains("allowed for one camera: 50 frames a second"));
      }
    }
    assertTrue(refused >= RATE, "refused " + refused);
    assertReported("'flood'", "faster than broker.camera-rate allows");

    RawClient other = raw(MQTT_311);
    assertEquals(0, other.connect("quiet", "door", "d", "").at(1));
    other.publish("chorale/home/camera/door/image", 0, false, JPEG);
    int expected = returned + 4 * RATE - refused + 1;
    await().atMost(SOON).until(() -> heard().size() == expected);
    assertTrue(heard.stream().anyMatch(each -> each.topic().contains("door")));
  }

  @Test
  void publish_aboveTheLargestImage_reachesOnlyClientsWithALargeLimit() throws IOException {
    Inbox others = new Inbox(100, 256 << 20);
    Session plain =
        new Session(
            "chorale-worker-test", List.of(Subscription.live(GATE)), Optional.empty(), List.of());
    try (Bus worker = PahoBus.factory(asService()).open(plain, others)) {
      await().atMost(SOON).until(worker::isConnected);
      RawClient camera = camera(MQTT_5, "large");
      camera.publish(GATE, 1, false, new byte[Limits.MAX_VALID_PACKET_BYTES + 1]).read();
      assertEquals(Limits.MAX_VALID_PACKET_BYTES + 1, next().payload().size());
      assertOnlyThisIsHeard(camera);
      // Connected, subscribed, and the small image: the broker skipped the large one.
      await().atMost(SOON).until(() -> others.size() == 3);
      assertTrue(worker.isConnected());
    }
  }

  @Test
  void publish_aboveThePacketLimit_endsTheConnectionWithAReasonAndIsReported() throws IOException {
    RawClient camera = camera(MQTT_5, "huge");
    camera.send(join(bytes(0x32), RawClient.length(Limits.MAX_PACKET_BYTES), text(GATE)));
    Packet goodbye = camera.read();
    assertEquals(0xE0, goodbye.first());
    assertEquals(0x95, goodbye.at(0));
    assertReported("'huge' (user 'gate', 127.0.0.1)", "more than 16777216 bytes");
  }

  @Test
  void packet_malformed_endsTheConnectionAndIsReported() throws IOException {
    RawClient camera = camera(MQTT_5, "broken");
    camera.send(RawClient.packet(0x32, bytes(0xFF, 0xFF, 'a')));
    camera.read();
    assertReported("'broken'", "closed the connection", "malformed");
  }

  @Test
  void connect_idOfAnotherClient_isReported() throws IOException {
    RawClient first = camera(MQTT_5, "twin");
    RawClient second = camera(MQTT_5, "twin");
    assertEquals(0x8E, first.read().at(0));
    assertReported("with the id of client 'twin' (user 'gate', 127.0.0.1)");
    assertOnlyThisIsHeard(second);
  }

  @Test
  void connect_idOfAServiceByACamera_isRefusedAndTheServiceStays() throws IOException {
    RawClient intruder = raw(MQTT_5);
    assertEquals(0x85, intruder.connect("chorale-aggregator-test", "gate", "g", "").at(1));
    assertReported(
        "'chorale-aggregator-test' (user 'gate'", "may not use another user's client id");
    assertOnlyThisIsHeard(camera(MQTT_5, "after-intruder"));
  }

  @Test
  void connect_badLogin_isReportedOnceWithNameAndAddress() throws IOException {
    for (int i = 0; i < 3; i++) {
      RawClient client = raw(MQTT_311);
      assertEquals(4, client.connect("guess-" + i, "gate", "wrong", "").at(1));
    }
    raw(MQTT_5).connect("nobody", "ghost", "x", "");
    raw(MQTT_5).connect("anonymous", "", "", "");
    assertReported("'guess-0' (user 'gate', 127.0.0.1): the password is wrong");
    assertReported("'nobody' (user 'ghost', 127.0.0.1): there is no such user");
    assertReported("'anonymous' (127.0.0.1): it names no user");
    assertEquals(1, log.count("the password is wrong"), log.lines()::toString);
  }

  @Test
  void connect_noMqtt_isReported() throws IOException {
    // One line per address in 10 minutes: each broker can test only one kind of invalid data.
    raw(MQTT_5).send(bytes(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0));
    assertReported("127.0.0.1", "sent TLS instead of MQTT");
  }
}
