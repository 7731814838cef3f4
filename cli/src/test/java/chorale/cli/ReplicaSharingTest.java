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
import chorale.protocol.Message;
import chorale.protocol.Ranked;
import chorale.protocol.Replica;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Author;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.SigningKey;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.access.UserEntry;
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
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas of V1 and a V2 as real processes on the embedded broker. Each has its own user with
 * a worker's rights, and its own key for replies.
 */
class ReplicaSharingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Topics TOPICS = new Topics("home");
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String SITE = "test";
  private static final String PASSWORD = "word";
  private static final int AIRPLANE = 0;
  private static final Map<String, String> VARIANTS =
      Map.of("one", "V1", "two", "V1", "other", "V2");

  @TempDir Path folder;
  private final Inbox replies = new Inbox(10_000, 1 << 24);

  /** The replicas of V1 that replied, by request. */
  private final Map<RequestKey, List<String>> repliesOfV1 = new HashMap<>();

  @Test
  void replicas_shareTheFramesAndOneTakesAllWhenTheOtherIsKilled() throws Exception {
    BrokerSettings settings =
        BrokerUsers.settings(BrokerUsers.write(folder.resolve("users"), users()));
    try (EmbeddedBroker embedded =
        EmbeddedBroker.start(
            settings,
            Files.createDirectory(folder.resolve("broker")),
            System::nanoTime,
            Clock.systemUTC())) {
      List<Board> boards = boards(embedded.port());
      BusFactory buses = PahoBus.factory(ConnectionSettings.of(uri("house", embedded.port())));
      LocalBroker broker = LocalBroker.running(ConnectionSettings.of(uri(SITE, embedded.port())));
      try (Bus bus =
              buses.open(
                  Session.of("test", List.of(Subscription.live(TOPICS.replyFilter()))), replies);
          Camera camera = new Camera("gate", TOPICS, 60_000, buses);
          LocalSite site = LocalSite.start(plan(boards), broker, buses, folder)) {
        await().atMost(PATIENCE).until(bus::isConnected);
        camera.awaitSubscribed();
        List<WorkerInfo> workers = site.awaitReady(() -> false);
        assertEquals(3, workers.size());
        share(camera);
        forge(workers, buses);
        site.kill(boards.get(0));
        takeOver(camera);
      }
    }
  }

  private static UserEntry[] users() {
    List<UserEntry> users = new ArrayList<>();
    users.add(BrokerUsers.user("house", UserRole.OPERATOR, PASSWORD));
    users.add(BrokerUsers.user(SITE, UserRole.AGGREGATOR, PASSWORD));
    VARIANTS
        .keySet()
        .forEach(board -> users.add(BrokerUsers.user(worker(board), UserRole.WORKER, PASSWORD)));
    return users.toArray(UserEntry[]::new);
  }

  private static String worker(String board) {
    return SITE + '-' + board;
  }

  private static URI uri(String user, int port) {
    return URI.create("mqtt://" + user + ':' + PASSWORD + "@127.0.0.1:" + port);
  }

  /**
   * Returns the boards, each with a key that the aggregator's file also holds. The test kills the
   * first board.
   */
  private List<Board> boards(int port) throws IOException {
    List<Board> boards = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (String name : List.of("two", "one", "other")) {
      String key = Base64.getEncoder().encodeToString(secret(name));
      keys.add(worker(name) + ' ' + key);
      Files.writeString(folder.resolve(name + ".key"), key);
      Path config = folder.resolve(name + ".conf");
      Files.writeString(config, "chorale.worker.reply-key-file = \"" + name + ".key\"\n");
      boards.add(
          new Board(name, List.of("--variant", VARIANTS.get(name), "--config", config.toString()))
              .through(uri(worker(name), port)));
    }
    Files.write(folder.resolve("reply-keys"), keys);
    return boards;
  }

  private static byte[] secret(String board) {
    byte[] secret = new byte[SigningKey.BYTES];
    secret[0] = (byte) board.hashCode();
    return secret;
  }

  private LocalSite.Plan plan(List<Board> boards) {
    return new LocalSite.Plan(
        SITE,
        TOPICS,
        boards,
        HOME.resolve("variants/models/cifar10"),
        new LocalSite.Arguments(
            List.of(),
            List.of(),
            List.of(),
            Map.of(
                "CHORALE_AGGREGATOR_BOUND",
                "false",
                "CHORALE_AGGREGATOR_HEALTH_EVERY",
                "1s",
                "CHORALE_AGGREGATOR_REPLY_KEYS_FILE",
                folder.resolve("reply-keys").toString())));
  }

  private void share(Camera camera) throws Exception {
    Set<String> workers = new HashSet<>();
    await("both replicas have replied")
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

  /** An operator may publish on every topic, but cannot forge the vote of a worker. */
  private void forge(List<WorkerInfo> workers, BusFactory buses) throws Exception {
    Author victim =
        workers.stream()
            .map(WorkerInfo::author)
            .filter(each -> each.worker().equals(worker("one")))
            .findFirst()
            .orElseThrow();
    Bytes image = image();
    RequestKey key = RequestKey.of("yard", Optional.empty(), image);
    Reply lie =
        new Reply(key, "yard", victim, new Outcome.TopK(List.of(new Ranked(AIRPLANE, 1))), 1, 1);
    SigningKey stolen = new SigningKey(Bytes.wrap(secret("other")));
    String health = TOPICS.status(Role.AGGREGATOR, SITE, StatusKind.HEALTH);
    Inbox heard = new Inbox(1_000, 1 << 24);
    List<Subscription> wanted =
        List.of(Subscription.live(TOPICS.result("yard")), Subscription.live(health));
    try (Bus operator = buses.open(Session.of("operator", wanted), heard)) {
      await().atMost(PATIENCE).until(operator::isConnected);
      var unused = operator.publish(Message.of(TOPICS.image("yard"), image));
      for (ReplyCodec codec : List.of(new ReplyCodec(), new ReplyCodec(stolen))) {
        String topic = TOPICS.reply("yard", victim.variant(), victim.worker());
        unused = operator.publish(Message.of(topic, codec.encode(lie)));
      }
      Result result = new ResultCodec().decode(next(heard, TOPICS.result("yard"), ""));
      assertEquals("frog", result.answer().orElseThrow().name());
      assertEquals(2, result.answered().size());
      assertTrue(result.answered().stream().noneMatch(each -> each.probability() == 1));
      String counters = next(heard, health, "\"forged\":1").utf8();
      assertTrue(counters.contains("\"unsigned\":1"), counters);
    }
  }

  /** Returns the payload of the next message on the topic that contains the text. */
  private static Bytes next(Inbox heard, String topic, String part) {
    return await(topic)
        .atMost(PATIENCE)
        .until(
            () ->
                heard.poll().stream()
                    .filter(BusEvent.Delivered.class::isInstance)
                    .map(event -> ((BusEvent.Delivered) event).message())
                    .filter(message -> message.topic().equals(topic))
                    .map(Message::payload)
                    .filter(payload -> payload.utf8().contains(part))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private void takeOver(Camera camera) throws Exception {
    List<Response> inARow = new ArrayList<>();
    await("the last will has arrived")
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
    return camera.ask(image());
  }

  private static Bytes image() throws IOException {
    return Bytes.wrap(Files.readAllBytes(HOME.resolve("pictures/frog/frog-01.jpg")));
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
