package chorale.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.broker.BrokerUsers;
import chorale.broker.EmbeddedBroker;
import chorale.config.BrokerSettings;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.Response;
import chorale.mqtt.PahoBus;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Replica;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Topics;
import chorale.protocol.access.UserRole;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas of V1 and a V2 as real processes, on the embedded broker with users. */
class ReplicaSharingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Topics TOPICS = new Topics("home");
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Board ONE = new Board("one", List.of("--variant", "V1"));
  private static final Board TWO = new Board("two", List.of("--variant", "V1"));

  @TempDir Path folder;
  private final Inbox replies = new Inbox(10_000, 1 << 24);

  /** Who of V1 replied, by request. */
  private final Map<RequestKey, List<String>> repliesOfV1 = new HashMap<>();

  @Test
  void replicas_shareTheFramesAndOneTakesAllWhenTheOtherIsKilled() throws Exception {
    BrokerSettings settings =
        BrokerUsers.settings(
            BrokerUsers.write(
                folder.resolve("users"), BrokerUsers.user("house", UserRole.OPERATOR, "word")));
    try (EmbeddedBroker embedded =
        EmbeddedBroker.start(
            settings,
            Files.createDirectory(folder.resolve("broker")),
            System::nanoTime,
            Clock.systemUTC())) {
      URI uri = URI.create("mqtt://house:word@127.0.0.1:" + embedded.port());
      ConnectionSettings connection = ConnectionSettings.of(uri);
      BusFactory buses = PahoBus.factory(connection);
      try (Bus bus =
              buses.open(
                  Session.of("test", List.of(Subscription.live(TOPICS.replyFilter()))), replies);
          Camera camera = new Camera("gate", TOPICS, 60_000, buses);
          LocalSite site =
              LocalSite.start(plan(), LocalBroker.running(connection), buses, folder)) {
        await().atMost(PATIENCE).until(bus::isConnected);
        camera.awaitSubscribed();
        assertEquals(3, site.awaitReady(() -> false).size());
        share(camera);
        site.kill(TWO);
        takeOver(camera);
      }
    }
  }

  private LocalSite.Plan plan() {
    return new LocalSite.Plan(
        "test",
        TOPICS,
        List.of(ONE, TWO, new Board("other", List.of("--variant", "V2"))),
        HOME.resolve("variants/models/cifar10"),
        new LocalSite.Arguments(
            List.of(), List.of(), List.of(), Map.of("CHORALE_AGGREGATOR_BOUND", "false")));
  }

  private void share(Camera camera) throws Exception {
    Set<String> workers = new HashSet<>();
    await("both know each other and have answered")
        .atMost(PATIENCE)
        .until(
            () -> {
              RequestKey key = ask(camera).key();
              await("its reply").atMost(PATIENCE).until(() -> !repliesOf(key).isEmpty());
              workers.addAll(repliesOf(key));
              return workers.size() == 2 && repliesOf(key).size() == 1;
            });
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      responses.add(ask(camera));
    }
    for (Response each : responses) {
      assertTrue(each.isAnswered(), each::toString);
      List<String> variants =
          each.result().orElseThrow().answered().stream().map(Result.Answered::variant).toList();
      assertEquals(List.of("V1", "V2"), variants);
      int expected = Replica.isForAll(each.key()) ? 2 : 1;
      await("its replies")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertEquals(expected, repliesOf(each.key()).size()));
    }
  }

  private void takeOver(Camera camera) throws Exception {
    List<Response> inARow = new ArrayList<>();
    await("the will is heard")
        .atMost(PATIENCE)
        .until(
            () -> {
              Response response = ask(camera);
              boolean isByOne = response.isAnswered() && workers(response).contains("test-one");
              inARow.add(response);
              if (!isByOne) {
                inARow.clear();
              }
              return inARow.size() >= 20;
            });
    for (int i = 0; i < 40; i++) {
      Response response = ask(camera);
      assertTrue(response.isAnswered(), response::toString);
      assertEquals(List.of("test-one", "test-other"), workers(response));
    }
  }

  private static List<String> workers(Response response) {
    return response.result().orElseThrow().answered().stream()
        .map(Result.Answered::worker)
        .toList();
  }

  private static Response ask(Camera camera) throws Exception {
    return camera.ask(Bytes.wrap(Files.readAllBytes(HOME.resolve("pictures/frog/frog-01.jpg"))));
  }

  private List<String> repliesOf(RequestKey key) throws Exception {
    for (Optional<BusEvent> next = replies.poll(); next.isPresent(); next = replies.poll()) {
      if (next.get() instanceof BusEvent.Delivered delivered
          && TOPICS.parse(delivered.message().topic()) instanceof Address.Reply reply
          && reply.variant().equals("V1")) {
        RequestKey of = new ReplyCodec().decode(delivered.message().payload()).key();
        repliesOfV1.computeIfAbsent(of, any -> new ArrayList<>()).add(reply.worker());
      }
    }
    return repliesOfV1.getOrDefault(key, List.of());
  }
}
