package chorale.broker;

import static chorale.broker.RawClient.MQTT_311;
import static chorale.broker.RawClient.MQTT_5;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chorale.protocol.CapturedLog;
import chorale.protocol.access.UserRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attacker guesses passwords from a separate address. */
class GuessingTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String STRANGER = "127.0.0.2";

  @TempDir private static Path scratch;
  private static EmbeddedBroker broker;

  private final CapturedLog log = new CapturedLog(EmbeddedBroker.class);
  private final List<RawClient> clients = new ArrayList<>();

  @BeforeAll
  static void start() {
    assumeTrue(
        System.getProperty("os.name").equals("Linux"),
        "needs all of 127.0.0.0/8 on the loopback interface");
    broker =
        EmbeddedBroker.start(
            BrokerUsers.settings(
                BrokerUsers.write(
                    scratch.resolve("users"),
                    BrokerUsers.user("gate", UserRole.CAMERA, "right"),
                    BrokerUsers.user("me", UserRole.OPERATOR, "m"))),
            scratch,
            System::nanoTime,
            Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @AfterEach
  void close() throws IOException {
    log.close();
    for (RawClient each : clients) {
      each.close();
    }
  }

  private RawClient at(String address, int version) throws IOException {
    RawClient client = RawClient.at(address, broker.port(), version);
    clients.add(client);
    return client;
  }

  @Test
  void guesses_fromOneAddress_areSlowedAndTheOwnerIsAdmittedFromAnother() throws IOException {
    long from = System.nanoTime();
    for (int i = 0; i < 8; i++) {
      assertEquals(4, at(STRANGER, MQTT_311).connect("g" + i, "gate", "guess" + i, "").at(1));
    }
    long millis = (System.nanoTime() - from) / 1_000_000;
    assertTrue(millis >= 250 + 500 + 1000 + 2000 + 4000, millis + " ms");

    // Many at once: only a few are checked, the others are refused.
    List<RawClient> many = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      RawClient client = at(STRANGER, MQTT_5);
      client.sendConnect("many-" + i, "gate", "guess", "");
      many.add(client);
    }
    assertEquals(
        0, at("127.0.0.1", MQTT_5).connect("owner", "gate", "right", "").at(1), "the owner");
    int turnedAway = 0;
    for (RawClient each : many) {
      RawClient.Packet answer = each.read();
      if (answer.at(1) == 0x89) {
        turnedAway++;
        assertTrue(answer.contains("too many failed logins from this address"));
      }
    }
    assertTrue(turnedAway > 0, "all were checked");
    assertEquals(1, log.count("refused client"), log.lines()::toString);
    assertEquals(
        1, log.count("'g0' (user 'gate', 127.0.0.2): the password"), log.lines()::toString);

    RawClient me = at("127.0.0.1", MQTT_5);
    assertEquals(0, me.connect("me", "me", "m", "").at(1));
    // The broker publishes its counters to sites that have services.
    me.subscribe("chorale/home/camera/+/image", 0);
    me.subscribe("chorale/home/broker/health", 0);
    await().atMost(SOON).until(() -> me.read().contains("\"failed_logins\":" + (8 + 50)));
  }
}
