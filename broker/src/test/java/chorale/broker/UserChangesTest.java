package chorale.broker;

import static chorale.broker.RawClient.MQTT_311;
import static chorale.broker.RawClient.MQTT_5;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.broker.RawClient.Packet;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The effect of changed users on clients, and the ownership of client ids. */
class UserChangesTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int REFUSED_LOGIN = 0x86;
  private static final int REFUSED_ID = 0x85;

  @TempDir private static Path scratch;

  private static final Map<String, UserEntry> USERS = new LinkedHashMap<>();
  private static EmbeddedBroker broker;

  private final List<RawClient> clients = new ArrayList<>();

  @BeforeAll
  static void start() {
    for (String name : List.of("gate", "barn", "yard")) {
      USERS.put(name, BrokerUsers.user(name, UserRole.CAMERA, name + "-password"));
    }
    USERS.put("me", BrokerUsers.user("me", UserRole.OPERATOR, "me-password"));
    broker =
        EmbeddedBroker.start(
            BrokerUsers.settings(write()), scratch, System::nanoTime, Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void close() throws IOException {
    for (RawClient each : clients) {
      each.close();
    }
  }

  private static Path write() {
    return BrokerUsers.write(scratch.resolve("users"), USERS.values().toArray(UserEntry[]::new));
  }

  private static void change(String name, UserRole role, String password) {
    USERS.put(name, BrokerUsers.user(name, role, password));
    write();
  }

  private RawClient raw(int version) throws IOException {
    RawClient client = new RawClient(broker.port(), version);
    clients.add(client);
    return client;
  }

  /** Returns the answer to a login with the password from {@link #start}. */
  private int login(String id, String user) throws IOException {
    return login(id, user, user + "-password");
  }

  private int login(String id, String user, String password) throws IOException {
    return raw(MQTT_5).connect(id, user, password, "").at(1);
  }

  private RawClient connected(String id, String user) throws IOException {
    RawClient client = raw(MQTT_5);
    assertEquals(0, client.connect(id, user, user + "-password", "").at(1));
    return client;
  }

  private static void assertDisconnected(RawClient client) throws IOException {
    Packet goodbye = client.read();
    assertEquals(0xE0, goodbye.first());
    assertEquals(0x87, goodbye.at(0), "not authorized");
    assertTrue(goodbye.contains("the user was removed, or its password or role has changed"));
  }

  @Test
  void user_removed_isDisconnectedAndOthersStay() throws IOException {
    RawClient barn = connected("barn", "barn");
    RawClient gate = connected("gate", "gate");
    UserEntry before = USERS.remove("barn");
    write();

    assertDisconnected(barn);
    assertEquals(REFUSED_LOGIN, login("barn", "barn"));
    gate.send(RawClient.bytes(0xC0, 0));
    assertEquals(0xD0, gate.read().first(), "still connected");

    USERS.put("barn", before);
    write();
    await().atMost(SOON).until(() -> login("barn", "barn") == 0);
  }

  @Test
  void user_withANewPassword_isDisconnectedAndTheOldOneIsRefused() throws IOException {
    RawClient barn = connected("barn", "barn");
    change("barn", UserRole.CAMERA, "another");

    assertDisconnected(barn);
    assertEquals(REFUSED_LOGIN, login("barn", "barn"));
    assertEquals(0, login("barn", "barn", "another"));
    change("barn", UserRole.CAMERA, "barn-password");
    await().atMost(SOON).until(() -> login("barn", "barn") == 0);
  }

  @Test
  void user_withFewerRights_losesTheSubscriptionsOfItsSession() throws IOException {
    change("yard", UserRole.DASHBOARD, "as-dashboard");
    await().atMost(SOON).until(() -> login("yard", "yard", "as-dashboard") == 0);
    RawClient screen = raw(MQTT_311);
    assertEquals(0, screen.resume("screen", "yard", "as-dashboard").at(1));
    assertEquals(1, screen.subscribe("chorale/home/camera/barn/result", 1).at(2), "granted");
    screen.close();
    RawClient again = raw(MQTT_311);
    assertEquals(1, again.resume("screen", "yard", "as-dashboard").at(0), "its session is kept");
    again.close();

    change("yard", UserRole.CAMERA, "yard-password");
    await().atMost(SOON).until(() -> login("yard", "yard") == 0);
    Packet connack = raw(MQTT_311).resume("screen", "yard", "yard-password");
    assertEquals(0, connack.at(1));
    assertEquals(0, connack.at(0), "no session");
  }

  @Test
  void clientId_ofAnotherUser_isRefusedWhileItsSessionLasts() throws IOException {
    RawClient gate = connected("lobby", "gate");
    assertEquals(REFUSED_ID, login("lobby", "barn"));
    assertEquals(REFUSED_ID, login("lobby", "me"), "not even for operators");
    gate.send(RawClient.bytes(0xC0, 0));
    assertEquals(0xD0, gate.read().first(), "still connected");
  }

  @Test
  void clientId_thatNamesAnotherUser_isReservedForIt() throws IOException {
    assertEquals(REFUSED_ID, login("barn", "gate"));
    assertEquals(REFUSED_ID, login("chorale-publisher-barn", "yard"));
    connected("chorale-publisher-barn", "barn");
  }
}
