package chorale.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.WorkerSettings;
import chorale.imaging.TestPictures;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Replica;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.ServiceEndedException;
import java.awt.Color;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas of one variant that share the frames, on one in-memory broker. */
final class SharedRequestsTest {
  private static final Topics TOPICS = new Topics("home");
  private static final RequestRules RULES =
      new RequestRules(TOPICS, RequestRules.Defaults.STANDARD, List.of());
  private static final Bytes RED = TestPictures.jpeg(Color.RED);
  private static final Duration HEALTH_EVERY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path models;
  private static Classifier classifier;

  private long now = Long.MAX_VALUE - 1_000_000; // the ticker overflows during the test
  private final MemoryBroker broker = new MemoryBroker(() -> now);
  private final Map<String, Worker> workers = new HashMap<>();
  private int frames;

  @BeforeAll
  static void open() throws Exception {
    classifier = Corners.open(models);
  }

  @AfterAll
  static void close() {
    classifier.close();
  }

  @AfterEach
  void closeWorkers() {
    workers.values().forEach(Worker::close);
  }

  private Worker replica(String name) {
    return worker(name, Assignment.SHARED_VARIANT);
  }

  private Worker worker(String name, Assignment assignment) {
    AllFrames frames = new AllFrames(assignment, TOPICS, RULES);
    Worker worker =
        new Worker(
            new Worker.Dependencies(
                new WorkerSettings(
                    Corners.VARIANT,
                    name,
                    models,
                    1,
                    1,
                    1_000_000,
                    1,
                    HEALTH_EVERY,
                    WorkerSettings.Place.VARIANT),
                TOPICS,
                new ReplyCodec(),
                () -> now,
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                BoardEmulation.NONE,
                Runnable::run,
                7,
                "test",
                counters -> {}),
            new Shared(classifier),
            assignment.isShared() ? new SharedRequests(frames, TOPICS, PATIENCE) : frames,
            broker.factory());
    workers.put(name, worker);
    return worker;
  }

  /** One network for all workers of this test, which do not close it. */
  private record Shared(Classifier classifier) implements Engine {
    @Override
    public Output run(Input input) throws chorale.imaging.ImageRejectedException {
      return classifier.run(input);
    }

    @Override
    public Engine another() {
      throw new UnsupportedOperationException("one frame at a time");
    }

    @Override
    public chorale.variants.ModelSet modelSet() {
      return classifier.modelSet();
    }

    @Override
    public chorale.variants.VariantManifest manifest() {
      return classifier.manifest();
    }

    /** All workers are equally fast. */
    @Override
    public double selfBenchmarkMillis() {
      return 2;
    }

    @Override
    public void close() {}
  }

  /** Publishes a frame with a new key and runs all workers. */
  private RequestKey frame() throws Exception {
    Bytes correlation = Bytes.utf8("frame " + frames++);
    broker.publish(
        Message.of(TOPICS.image("gate"), RED)
            .with(MessageProperties.NONE.withCorrelation(Optional.of(correlation))));
    turns();
    return RequestKey.of("gate", Optional.of(correlation), RED);
  }

  /** Runs all workers until none has anything to do, as they receive messages from each other. */
  private void turns() throws ServiceEndedException {
    for (int round = 0; round < 3; round++) {
      for (Worker each : workers.values()) {
        while (each.runOnce() == 0) {
          // repeat while it has more to do
        }
      }
    }
  }

  private int answers(String worker) {
    return broker.published(TOPICS.reply("gate", Corners.VARIANT, worker)).size();
  }

  private List<String> answeredBy(RequestKey key) throws Exception {
    List<String> names = new ArrayList<>();
    for (Message each : broker.published()) {
      if (each.topic().contains("/reply/")) {
        Reply reply = new ReplyCodec().decode(each.payload());
        if (reply.key().equals(key)) {
          names.add(reply.author().worker());
        }
      }
    }
    return names;
  }

  /** Publishes the announcement of a further worker of this kind. */
  private void announce(String worker, Assignment assignment, double millis, long model) {
    WorkerInfo info =
        new WorkerInfo(
            new Reply.Author(
                Corners.VARIANT,
                worker,
                1,
                1,
                16,
                8,
                Digests.prefix(classifier.modelSet().classDigest()),
                model),
            "corners",
            classifier.modelSet().classes(),
            millis,
            1,
            Calibration.NONE,
            assignment,
            ReplyCodec.SCHEMA,
            "test");
    broker.publish(Message.retained(status(worker, "info"), new StatusCodec().encode(info)));
    broker.publish(Message.retained(status(worker, "availability"), StatusCodec.ONLINE));
  }

  private void health(String worker) {
    broker.publish(Message.retained(status(worker, "health"), Bytes.utf8("{}")));
  }

  private static String status(String worker, String kind) {
    return "chorale/home/worker/" + worker + '/' + kind;
  }

  private static long model() {
    return Digests.prefix(classifier.manifest().sha256());
  }

  @Test
  void frames_ofTwoReplicas_areAnsweredByOneAndSomeByBoth() throws Exception {
    replica("one");
    replica("two");
    turns();
    int forAll = 0;
    for (int i = 0; i < 200; i++) {
      RequestKey key = frame();
      assertEquals(Replica.isForAll(key) ? 2 : 1, answeredBy(key).size());
      forAll += Replica.isForAll(key) ? 1 : 0;
    }

    assertTrue(forAll > 0, "some keys of this test are for all replicas");
    assertEquals(200 + forAll, answers("one") + answers("two"));
    assertEquals(100, answers("one"), 40);
    now += HEALTH_EVERY.toNanos();
    turns();
    List<Message> health = broker.published(status("one", "health"));
    String counters = health.get(health.size() - 1).payload().utf8();
    assertTrue(counters.contains("\"ignored_not_ours\":" + (200 - answers("one"))), counters);
    assertTrue(counters.contains("\"received\":200"), counters);
  }

  @Test
  void frames_ofReplicasOfUnequalSpeed_goToTheFasterOne() throws Exception {
    replica("one");
    announce("slow", Assignment.SHARED_VARIANT, 18, model()); // worker one takes 2 ms
    for (int i = 0; i < 200; i++) {
      frame();
    }
    assertEquals(180, answers("one"), 20);
  }

  @Test
  void lastWill_ofAReplica_movesItsShareAtOnce() throws Exception {
    replica("one");
    Worker two = replica("two");
    turns();
    broker.cut("chorale-worker-two");
    workers.remove("two");
    for (int i = 0; i < 40; i++) {
      assertEquals(List.of("one"), answeredBy(frame()));
    }
    two.close();
  }

  @Test
  void newWorker_getsItsShareAtOnce() throws Exception {
    replica("one");
    for (int i = 0; i < 40; i++) {
      frame();
    }
    assertEquals(40, answers("one"));

    replica("two");
    for (int i = 40; i < 140; i++) {
      assertTrue(answeredBy(frame()).size() >= 1);
    }
    assertEquals(90, answers("one"), 30);
  }

  /** The worker learns the fleet again, and no frame is answered twice. */
  @Test
  void reconnectOfOne_restoresTheSharesOfBoth() throws Exception {
    replica("one");
    replica("two");
    turns();
    broker.cut("chorale-worker-one");
    broker.restore("chorale-worker-one");
    turns();
    int both = answers("one") + answers("two");
    int forAll = 0;
    for (int i = 0; i < 40; i++) {
      forAll += Replica.isForAll(frame()) ? 1 : 0;
    }
    assertEquals(both + 40 + forAll, answers("one") + answers("two"));
  }

  @Test
  void brokerRestart_restoresTheSharesOfBoth() throws Exception {
    replica("one");
    replica("two");
    turns();
    broker.stop();
    broker.start();
    turns();
    int forAll = 0;
    for (int i = 0; i < 40; i++) {
      forAll += Replica.isForAll(frame()) ? 1 : 0;
    }
    assertEquals(40 + forAll, answers("one") + answers("two"));
    assertTrue(answers("one") > 5 && answers("two") > 5);
  }

  /** The broker still has it as online, because no last will was published when it ended. */
  @Test
  void retainedOnlineOfAnEndedProcess_getsNoShare() throws Exception {
    announce("gone", Assignment.SHARED_VARIANT, 2, model());
    replica("one");
    for (int i = 0; i < 40; i++) {
      frame();
    }
    assertEquals(40, answers("one"));

    health("gone");
    for (int i = 40; i < 140; i++) {
      frame();
    }
    assertEquals(90, answers("one"), 30, "it was still present");
  }

  @Test
  void silentReplica_losesItsShareWhenItsHealthIsOverdue() throws Exception {
    replica("one");
    announce("hung", Assignment.SHARED_VARIANT, 2, model());
    now += PATIENCE.toNanos();
    for (int i = 0; i < 60; i++) {
      frame();
    }
    assertTrue(answers("one") < 50, "the silent worker still counts");

    now++;
    int before = answers("one");
    for (int i = 60; i < 100; i++) {
      frame();
    }
    assertEquals(before + 40, answers("one"));

    health("hung");
    for (int i = 100; i < 200; i++) {
      frame();
    }
    assertTrue(answers("one") < before + 40 + 90, "it is back");
  }

  @Test
  void workersWithAnotherAssignmentOrModel_getNoShare() throws Exception {
    replica("one");
    announce("model", Assignment.SHARED_VARIANT, 2, 99);
    announce("redundant", Assignment.VARIANT, 2, model());
    worker("all", Assignment.VARIANT);
    for (int i = 0; i < 40; i++) {
      assertEquals(2, answeredBy(frame()).size());
    }
    assertEquals(40, answers("one"));
    assertEquals(40, answers("all"));
  }

  /** Announcements trigger further announcements, which must end. */
  @Test
  void announcements_ofManyReplicas_settle() throws Exception {
    for (String name : List.of("one", "two", "three", "four")) {
      replica(name);
    }
    turns();
    int published = broker.published().size();
    turns();
    assertEquals(published, broker.published().size());
  }
}
