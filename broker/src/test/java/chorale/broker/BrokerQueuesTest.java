package chorale.broker;

import static chorale.broker.RawClient.MQTT_5;
import static chorale.broker.RawClient.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.BrokerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker's queue for a client that does not read. */
class BrokerQueuesTest {
  private static final byte[] ONE_SECOND = {0x02, 0, 0, 0, 1};

  @TempDir static Path scratch;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker =
        EmbeddedBroker.start(
            new BrokerSettings(0, Optional.empty(), "127.0.0.1"),
            scratch,
            System::nanoTime,
            Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static RawClient connected(RawClient client, String id) throws IOException {
    assertEquals(0, client.connect(id, "", "", "").at(1), "accepted");
    return client;
  }

  @Test
  void deliver_oneTopicFloods_anotherTopicIsNext() throws IOException {
    try (RawClient reader = connected(new RawClient(broker.port(), MQTT_5), "slow");
        RawClient writer = connected(new RawClient(broker.port(), MQTT_5), "flooder")) {
      reader.subscribe("turns/+", 1);
      for (int i = 1; i <= 1_500; i++) {
        writer.publish("turns/flood", i, false, bytes('f'));
        assertEquals(0x40, writer.read().first());
      }
      writer.publish("turns/calm", 1_501, false, bytes('c'));
      assertEquals(0x40, writer.read().first());

      int before = 0;
      for (RawClient.Packet packet = reader.read(); ; packet = reader.read()) {
        reader.acknowledge(packet);
        if (packet.contains("turns/calm")) {
          break;
        }
        before++;
      }
      assertTrue(before <= 1 + 500 + 1, "the first, those in flight, one more: " + before);
    }
  }

  @Test
  void publish_aggregatorDoesNotRead_camerasGetTheReason() throws IOException {
    String id = "chorale-aggregator-stalled";
    try (RawClient stalled = connected(RawClient.reluctant(broker.port(), MQTT_5), id);
        RawClient camera = connected(new RawClient(broker.port(), MQTT_5), "camera")) {
      stalled.subscribe("chorale/barn/camera/+/image", 1);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                camera.publish("chorale/barn/camera/gate/image", 1, false, new byte[100_000]);
                return camera.read().contains("the aggregator cannot keep up");
              });

      camera.publish("chorale/barn/camera/door/image", 2, false, bytes('x'));
      assertEquals("0002", camera.read().hex(), "another camera's frame is accepted");
      camera.publish("chorale/home/camera/gate/image", 3, false, bytes('x'));
      assertEquals(
          0x10, camera.read().at(2), "another site's frame is accepted, even without subscribers");
      try (RawClient other =
          connected(new RawClient(broker.port(), MQTT_5), "chorale-aggregator-other")) {
        other.subscribe("chorale/barn/#", 1);
        camera.publish("chorale/barn/camera/door/image", 4, false, bytes('x'));
        assertEquals("0004", camera.read().hex(), "the queue of the second aggregator is known");
        other.acknowledge(other.read());
        camera.publish("chorale/barn/camera/gate/image", 5, false, bytes('x'));
        assertEquals("0005", camera.read().hex(), "the second aggregator reads it");
        assertTrue(other.read().contains("camera/gate/image"));
      }
    }
  }

  @Test
  void health_ofASiteWithServices_isPublished() throws IOException {
    try (RawClient site = connected(new RawClient(broker.port(), MQTT_5), "chorale-worker-w")) {
      site.subscribe("chorale/shed/camera/+/image", 1);
      site.subscribe("chorale/shed/broker/health", 1);
      RawClient.Packet health = site.read();
      assertTrue(
          health.contains("\"counters\":{\"dropped\":"),
          "it contains the number of dropped messages");
      assertTrue(health.contains("\"retained_bytes\":"), "and the memory in use");
    }
  }

  @Test
  void deliver_messagesExpireBetweenQueueAndNetwork_laterOnesStillArrive() throws IOException {
    try (RawClient reader = connected(RawClient.reluctant(broker.port(), MQTT_5), "reader");
        RawClient writer = connected(new RawClient(broker.port(), MQTT_5), "writer")) {
      reader.subscribe("t", 1);
      writer.publish("t", 41, false, bytes('o', 'l', 'd'));
      RawClient.Packet packet = reader.read();
      for (int i = 1; i <= 40; i++) {
        writer.publish("t", i, false, new byte[200_000], ONE_SECOND);
      }
      for (int i = 0; i <= 40; i++) {
        assertEquals(0x40, writer.read().first());
      }
      reader.acknowledge(packet); // now some are in transit
      Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true); // they expire
      writer.publish("t", 42, false, bytes('n', 'e', 'w'));

      int expired = 40;
      for (packet = reader.read(); !packet.contains("new"); packet = reader.read()) {
        assertEquals(3, packet.first() >> 4, "PUBLISH");
        reader.acknowledge(packet);
        expired--;
      }
      assertTrue(expired > 0, "no message expired");
    }
  }
}
