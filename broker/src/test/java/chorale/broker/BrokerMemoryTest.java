package chorale.broker;

import static chorale.broker.RawClient.MQTT_5;
import static chorale.broker.RawClient.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.access.UserRole;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker with a heap of 256 MiB, and clients that try to exceed it. */
class BrokerMemoryTest {
  private static final int QUOTA_EXCEEDED = 0x97;

  @TempDir Path folder;
  private final List<RawClient> clients = new ArrayList<>();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private Process process;
  private int port;

  private void start(String... users) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                SmallBroker.class.getName(),
                folder.resolve("scratch").toString()));
    command.addAll(List.of(users));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    Thread reader = new Thread(() -> output.lines().forEach(lines::add));
    reader.setDaemon(true);
    reader.start();
    port = Integer.parseInt(awaitLine("port ").substring("port ".length()));
  }

  private String awaitLine(String part) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> lines.stream().anyMatch(line -> line.contains(part)) || !process.isAlive());
    return lines.stream()
        .filter(line -> line.contains(part))
        .findFirst()
        .orElseThrow(() -> new AssertionError(lines));
  }

  @AfterEach
  void stop() throws Exception {
    for (RawClient each : clients) {
      each.close();
    }
    process.destroyForcibly().waitFor();
  }

  private RawClient client(String id) throws IOException {
    return client(new RawClient(port, MQTT_5), id);
  }

  private RawClient client(RawClient client, String id) throws IOException {
    return client(client, id, "");
  }

  /** Each user's name is also its password. */
  private RawClient client(RawClient client, String id, String user) throws IOException {
    clients.add(client);
    assertEquals(0, client.connect(id, user, user, "").at(1), "accepted");
    return client;
  }

  private void assertWorks() throws IOException {
    RawClient healthy = client("healthy");
    healthy.subscribe("still/there", 1);
    client("writer").publish("still/there", 1, false, bytes('y', 'e', 's'));
    assertTrue(healthy.read().contains("yes"));
    assertTrue(process.isAlive());
  }

  @Test
  void frames_notReadByAnyClient_areDropped() throws IOException {
    start();
    for (String id : List.of("chorale-worker-w", "chorale-aggregator-a", "board", "wall")) {
      client(RawClient.reluctant(port, MQTT_5), id).subscribe("chorale/home/camera/+/image", 1);
    }
    RawClient camera = client("camera");
    int refused = 0;
    for (int i = 1; i <= 250; i++) {
      String topic = "chorale/home/camera/c" + i % 10 + "/image";
      RawClient.Packet answer = camera.publish(topic, i, false, new byte[4 << 20]).read();
      refused += answer.hex().length() > 4 && answer.at(2) == QUOTA_EXCEEDED ? 1 : 0;
    }

    assertTrue(refused > 100, "refusals seen by the camera: " + refused);
    assertWorks();
    awaitLine("reads too slowly");
  }

  @Test
  void retained_aboveTheLimit_areRefused() throws IOException {
    start();
    RawClient hoarder = client("hoarder");
    int refused = 0;
    for (int i = 1; i <= 2_464; i++) {
      RawClient.Packet answer = hoarder.publish("hoard/" + i, i, true, new byte[100_000]).read();
      refused += answer.hex().length() > 4 && answer.at(2) == QUOTA_EXCEEDED ? 1 : 0;
    }

    assertTrue(refused > 2_000, "refused " + refused);
    awaitLine(
        "publishes retained messages, but the store of retained messages has no room for 100000");
    assertEquals(
        "0001", hoarder.publish("hoard/1", 1, true, new byte[0]).read().hex().substring(0, 4));
    assertWorks();
  }

  @Test
  void results_notReadByTheClientsOfOneUser_stillReachAnother() throws IOException {
    Path users =
        BrokerUsers.write(
            folder.resolve("users"),
            BrokerUsers.user("me", UserRole.OPERATOR, "me"),
            BrokerUsers.user("wall", UserRole.DASHBOARD, "wall"),
            BrokerUsers.user("desk", UserRole.DASHBOARD, "desk"));
    start(users.toString());
    for (int i = 0; i < 8; i++) {
      client(RawClient.reluctant(port, MQTT_5), "wall-" + i, "wall")
          .subscribe("chorale/home/camera/+/result", 1);
    }
    RawClient me = client(new RawClient(port, MQTT_5), "me", "me");
    for (int i = 1; i <= 100; i++) {
      String topic = "chorale/home/camera/c" + i % 10 + "/result";
      assertEquals(0x40, me.publish(topic, i, false, new byte[1 << 20]).read().first());
    }
    awaitLine("reads too slowly");

    RawClient desk = client(RawClient.reluctant(port, MQTT_5), "desk", "desk");
    desk.subscribe("chorale/home/camera/+/result", 1);
    for (int i = 1; i <= 5; i++) {
      String topic = "chorale/home/camera/d" + i + "/result";
      assertEquals(0x40, me.publish(topic, i, false, new byte[1 << 20]).read().first());
    }
    for (int i = 1; i <= 5; i++) {
      RawClient.Packet result = desk.read();
      assertTrue(result.contains("chorale/home/camera/d" + i), "result " + i);
      desk.acknowledge(result);
    }
  }
}
