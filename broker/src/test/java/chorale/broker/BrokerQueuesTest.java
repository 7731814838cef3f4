package chorale.broker;

import static chorale.broker.RawClient.MQTT_5;
import static chorale.broker.RawClient.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.BrokerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits at the broker for a client that does not read. */
class BrokerQueuesTest {
  private static final byte[] ONE_SECOND = {0x02, 0, 0, 0, 1};

  @TempDir static Path scratch;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker =
        EmbeddedBroker.start(
            new BrokerSettings(0, Optional.empty(), "127.0.0.1", List.of()),
            scratch,
            System::nanoTime);
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
  void deliver_messagesExpireBetweenQueueAndNetwork_laterOnesStillCome() throws IOException {
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
      reader.acknowledge(packet); // now some are on their way
      Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true); // they expire
      writer.publish("t", 42, false, bytes('n', 'e', 'w'));

      int expired = 40;
      for (packet = reader.read(); !packet.contains("new"); packet = reader.read()) {
        assertEquals(3, packet.first() >> 4, "PUBLISH");
        reader.acknowledge(packet);
        expired--;
      }
      assertTrue(expired > 0, "all had gone out in time");
    }
  }
}
