package chorale.broker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.config.BrokerSettings;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded broker with its messages in files. */
class BrokerPersistenceTest {
  @TempDir Path folder;

  private int starts;

  private EmbeddedBroker start() throws IOException {
    return EmbeddedBroker.start(
        new BrokerSettings(
            0, Optional.empty(), "127.0.0.1", Optional.of(folder.resolve("kept")), List.of()),
        Files.createDirectory(folder.resolve("scratch-" + starts++)),
        System::nanoTime);
  }

  private static Bus open(EmbeddedBroker broker, Inbox inbox) {
    return PahoBus.factory(RealBrokerContract.settings(broker.port()))
        .open(Session.of("chorale-worker-kept", List.of(Subscription.withRetained("kept"))), inbox);
  }

  @Test
  void restart_persistence_keepsRetainedMessages() throws IOException {
    try (EmbeddedBroker broker = start();
        Bus bus = open(broker, new Inbox(10, 1000))) {
      bus.publish(Message.retained("kept", Bytes.utf8("kept")))
          .toCompletableFuture()
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    }
    Inbox inbox = new Inbox(10, 1000);
    try (EmbeddedBroker broker = start();
        Bus bus = open(broker, inbox)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> inbox.size() >= 3);
      assertEquals(
          List.of("kept"),
          java.util.stream.Stream.generate(inbox::poll)
              .takeWhile(Optional::isPresent)
              .map(Optional::get)
              .filter(BusEvent.Delivered.class::isInstance)
              .map(event -> ((BusEvent.Delivered) event).message().payload().utf8())
              .toList());
      assertEquals(true, bus.isConnected());
    }
  }
}
