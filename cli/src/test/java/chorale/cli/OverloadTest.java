package chorale.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.broker.EmbeddedBroker;
import chorale.config.BrokerSettings;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.site.Board;
import chorale.site.LocalBroker;
import chorale.site.LocalSite;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More frames than a site can answer, with real processes on the embedded broker. */
class OverloadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Topics TOPICS = new Topics("home");
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final int CAMERAS = 600;
  private static final int OF_ONE = 600;

  /** Slow boards, which leave processor time for broker and aggregator. */
  private static final List<String> SLOW = List.of("--board-factor", "50");

  @TempDir Path folder;
  private final Inbox results = new Inbox(10_000, 1 << 26);
  private final Map<RequestKey, Result> answered = new HashMap<>();
  private final Set<RequestKey> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<RequestKey> refused = ConcurrentHashMap.newKeySet();

  @Test
  void framesOfManyCamerasAndAFlood_eachAcknowledgedOneGetsAResult() throws Exception {
    try (EmbeddedBroker embedded =
        EmbeddedBroker.start(
            new BrokerSettings(0, Optional.empty(), "127.0.0.1"),
            Files.createDirectory(folder.resolve("broker")),
            System::nanoTime,
            Clock.systemUTC())) {
      ConnectionSettings connection =
          ConnectionSettings.of(URI.create("mqtt://127.0.0.1:" + embedded.port()));
      BusFactory buses =
          PahoBus.factory(
              new ConnectionSettings(
                  connection.broker(),
                  connection.credentials(),
                  connection.tls(),
                  connection.timing(),
                  connection.inFlight(),
                  CAMERAS + OF_ONE));
      try (Bus bus =
              buses.open(
                  Session.of("test", List.of(Subscription.live(TOPICS.resultFilter()))), results);
          LocalSite site =
              LocalSite.start(plan(), LocalBroker.running(connection), buses, folder)) {
        await().atMost(PATIENCE).until(bus::isConnected);
        assertEquals(2, site.awaitReady(() -> false).size());
        List<Bytes> images = images();
        for (int i = 0; i < CAMERAS; i++) {
          publish(bus, "camera-" + i, images.get(i % images.size()));
        }
        int frames = CAMERAS + OF_ONE;
        for (int i = 0; i < OF_ONE; i++) {
          // The same image with different bytes after its end, which decoders ignore.
          publish(bus, "flood", with(images.get(0), i));
        }

        await()
            .atMost(PATIENCE)
            .until(() -> acknowledged.size() + refused.size() == frames && isEachAnswered());
      }
    }
    long overloaded =
        answered.values().stream()
            .flatMap(result -> result.error().stream())
            .filter(error -> error.code().contains("overloaded"))
            .count();
    assertTrue(overloaded > 0, "no frame was refused: the site was not overloaded");
    assertTrue(answered.values().stream().anyMatch(result -> result.answer().isPresent()));
  }

  private static List<Bytes> images() throws Exception {
    List<Bytes> images = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      images.add(Bytes.wrap(Files.readAllBytes(HOME.resolve("pictures/cat/cat-0" + i + ".jpg"))));
    }
    return images;
  }

  private static Bytes with(Bytes image, int number) {
    return Bytes.wrap(
        ByteBuffer.allocate(image.size() + Integer.BYTES)
            .put(image.sharedArray())
            .putInt(number)
            .array());
  }

  private void publish(Bus bus, String camera, Bytes image) {
    RequestKey key = RequestKey.of(camera, Optional.empty(), image);
    var unused =
        bus.publish(Message.of(TOPICS.image(camera), image))
            .whenComplete((done, failure) -> (failure == null ? acknowledged : refused).add(key));
  }

  private boolean isEachAnswered() throws Exception {
    for (Optional<BusEvent> next = results.poll(); next.isPresent(); next = results.poll()) {
      if (next.get() instanceof BusEvent.Delivered delivered) {
        Result result = new ResultCodec().decode(delivered.message().payload());
        answered.put(result.requestId(), result);
      }
    }
    return answered.keySet().containsAll(acknowledged);
  }

  private static LocalSite.Plan plan() {
    return new LocalSite.Plan(
        "test",
        TOPICS,
        List.of(
            new Board("one", List.of("--variant", "V1")),
            new Board("two", List.of("--variant", "V2"))),
        HOME.resolve("variants/models/cifar10"),
        new LocalSite.Arguments(List.of(), List.of(), SLOW, Map.of()));
  }
}
