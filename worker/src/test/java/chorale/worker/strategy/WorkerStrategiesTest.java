package chorale.worker.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.WorkerSettings;
import chorale.config.WorkerSettings.Place;
import chorale.imaging.TestPictures;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.CapturedLog;
import chorale.protocol.Failure;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.RendezvousHash;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.SigningKey;
import chorale.protocol.Stage;
import chorale.protocol.StatusCodec;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.Service;
import chorale.protocol.strategy.StageTensor;
import chorale.protocol.strategy.TensorCodec;
import chorale.protocol.strategy.TensorType;
import chorale.worker.AllFrames;
import chorale.worker.BoardEmulation;
import chorale.worker.Corners;
import chorale.worker.Engine;
import chorale.worker.Worker;
import java.awt.Color;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that share requests, and workers that run one stage each, on one in-memory broker. */
final class WorkerStrategiesTest {
  private static final long MILLI = 1_000_000;
  private static final int RED_INDEX = 4;
  private static final Topics TOPICS = new Topics("home");
  private static final RequestRules RULES =
      new RequestRules(TOPICS, RequestRules.Defaults.STANDARD, List.of());

  @TempDir Path models;
  private long now = Long.MAX_VALUE - 5 * MILLI;
  private final MemoryBroker broker = new MemoryBroker(() -> now);
  private final ReplyCodec replies = new ReplyCodec();
  private TensorCodec tensors = new TensorCodec();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private Worker worker(String name, Assignment assignment, Engine engine) {
    opened.add(engine);
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
                    Duration.ofHours(1),
                    Place.VARIANT),
                TOPICS,
                replies,
                () -> now,
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                BoardEmulation.NONE,
                Runnable::run,
                7,
                "test",
                counters -> {}),
            engine,
            WorkerStrategies.of(
                new AllFrames(assignment, TOPICS, RULES),
                engine.manifest(),
                tensors,
                Duration.ofHours(1)),
            broker.factory());
    opened.add(worker);
    return worker;
  }

  private Worker replica(String name) throws Exception {
    return worker(name, new Assignment(Strategy.DATA, Stage.WHOLE), Corners.open(models));
  }

  private Worker stage(int index) throws Exception {
    return worker(
        "stage-" + index,
        new Assignment(Strategy.MODEL, new Stage(index, 2)),
        StageEngineTest.open(models, index, TensorType.FLOAT32));
  }

  private RequestKey frame(Bytes image, String correlation, String budgetMillis) {
    broker.publish(
        Message.of(TOPICS.image("gate"), image)
            .with(
                MessageProperties.NONE
                    .withCorrelation(Optional.of(Bytes.utf8(correlation)))
                    .withUser(RequestRules.DEADLINE_MS, budgetMillis)));
    return RequestKey.of("gate", Optional.of(Bytes.utf8(correlation)), image);
  }

  private List<Reply> replies(String worker) throws Exception {
    List<Reply> all = new ArrayList<>();
    for (Message each : broker.published(TOPICS.reply("gate", Corners.VARIANT, worker))) {
      all.add(replies.decode(each.payload()));
    }
    return all;
  }

  private static void turns(Service... services) throws Exception {
    for (Service each : services) {
      while (each.runOnce() == 0) {
        // repeat until it has nothing to do
      }
    }
  }

  // ---- data

  @Test
  void data_eachRequest_isAnsweredOnlyByItsOwner() throws Exception {
    Worker one = replica("one");
    Worker two = replica("two");
    Worker three = replica("three");
    List<String> fleet = List.of("one", "two", "three");
    turns(one, two, three);
    for (int i = 0; i < 30; i++) {
      RequestKey key = frame(TestPictures.jpeg(Color.RED), "frame " + i, "1000");
      turns(one, two, three);
      String owner = RendezvousHash.owner(key, fleet).orElseThrow();
      List<Reply> answers = replies(owner);
      assertEquals(key, answers.get(answers.size() - 1).key());
    }
    assertEquals(30, replies("one").size() + replies("two").size() + replies("three").size());
    assertTrue(replies("one").size() > 2 && replies("two").size() > 2);
  }

  @Test
  void data_ownerLost_itsShareMovesToTheOthers() throws Exception {
    Worker one = replica("one");
    Worker two = replica("two");
    turns(one, two);
    broker.cut("chorale-worker-two");
    for (int i = 0; i < 10; i++) {
      frame(TestPictures.jpeg(Color.RED), "frame " + i, "1000");
      turns(one);
    }
    assertEquals(10, replies("one").size());

    broker.restore("chorale-worker-two");
    turns(two, one);
    for (int i = 10; i < 40; i++) {
      frame(TestPictures.jpeg(Color.RED), "frame " + i, "1000");
      turns(one);
    }
    assertTrue(replies("one").size() < 35, "it keeps only its own share");
  }

  @Test
  void data_workersWithAnotherAssignment_getNoShare() throws Exception {
    Worker one = replica("one");
    announce("stray", Corners.VARIANT, Assignment.VARIANT);
    announce("other", "V9", new Assignment(Strategy.DATA, Stage.WHOLE));
    for (int i = 0; i < 10; i++) {
      frame(TestPictures.jpeg(Color.RED), "frame " + i, "1000");
      turns(one);
    }
    assertEquals(10, replies("one").size());

    announce("peer", Corners.VARIANT, new Assignment(Strategy.DATA, Stage.WHOLE));
    for (int i = 10; i < 40; i++) {
      frame(TestPictures.jpeg(Color.RED), "frame " + i, "1000");
      turns(one);
    }
    assertTrue(replies("one").size() < 35);
  }

  private void announce(String worker, String variant, Assignment part) {
    List<String> classes = List.of("cat", "dog");
    Reply.Author author =
        new Reply.Author(
            variant,
            worker,
            1,
            1,
            16,
            2,
            chorale.protocol.Digests.prefix(chorale.protocol.Digests.ofClasses(classes)),
            1);
    WorkerInfo info =
        new WorkerInfo(
            author, "pets", classes, 1, 1, Calibration.NONE, part, ReplyCodec.SCHEMA, "test");
    String status = "chorale/home/worker/" + worker + '/';
    broker.publish(Message.retained(status + "info", new StatusCodec().encode(info)));
    broker.publish(Message.retained(status + "availability", StatusCodec.ONLINE));
  }

  // ---- model

  @Test
  void model_frame_passesThroughAllStages() throws Exception {
    Worker first = stage(1);
    Worker second = stage(2);
    RequestKey key = frame(TestPictures.jpeg(Color.RED), "a", "1500");
    now += 3 * MILLI;
    turns(first);
    now += 4 * MILLI;
    turns(second);

    assertEquals(List.of(), replies("stage-1"));
    Reply reply = replies("stage-2").get(0);
    assertEquals(key, reply.key());
    assertEquals(RED_INDEX, ((Outcome.TopK) reply.outcome()).ranked().get(0).index());
    assertEquals(7_000, reply.queueMicros(), "sum of both stages");

    Message message = broker.published(TOPICS.tensor("gate", 2)).get(0);
    StageTensor stageTensor = tensors.decode(message.payload());
    assertEquals(3_000, stageTensor.queueMicros());
    assertEquals(1500, stageTensor.budgetMillis());
    assertEquals(2, stageTensor.stage());
    assertEquals(OptionalInt.of(2), message.properties().expirySeconds());
  }

  @Test
  void model_totalAgeOfAllStages_isChecked() throws Exception {
    Worker first = stage(1);
    Worker second = stage(2);
    frame(TestPictures.jpeg(Color.RED), "a", "40");
    frame(TestPictures.jpeg(Color.RED), "b", "1000");
    now += 30 * MILLI;
    turns(first);
    now += 10 * MILLI + 1_000;
    turns(second);

    List<Reply> replies = replies("stage-2");
    assertEquals("expired", ((Failure) replies.get(0).outcome()).code());
    assertEquals(40_001, replies.get(0).queueMicros());
    assertTrue(replies.get(1).outcome() instanceof Outcome.TopK);
  }

  @Test
  void model_badImage_isAnsweredByTheStageThatDetectsIt() throws Exception {
    Worker first = stage(1);
    Worker second = stage(2);
    frame(Bytes.utf8("no image"), "a", "1000");
    turns(first, second);

    assertEquals("unsupported", ((Failure) replies("stage-1").get(0).outcome()).code());
    assertEquals(List.of(), broker.published(TOPICS.tensor("gate", 2)));
  }

  @Test
  void model_foreignMessages_areCountedAndIgnored() throws Exception {
    Worker first = stage(1);
    Worker second = stage(2);
    frame(TestPictures.jpeg(Color.RED), "a", "1000");
    turns(first, second);
    Message good = broker.published(TOPICS.tensor("gate", 2)).get(0);
    StageTensor stageTensor = tensors.decode(good.payload());
    tensor(Bytes.utf8("no tensor"));
    tensor(good.payload(), true);
    tensor(tensors.encode(changed(stageTensor, 3, stageTensor.network())));
    tensor(tensors.encode(changed(stageTensor, 2, stageTensor.network() + 1)));
    now += Duration.ofHours(1).toNanos();
    turns(second);

    assertEquals(1, replies("stage-2").size());
    List<Message> health = broker.published("chorale/home/worker/stage-2/health");
    String counters = health.get(health.size() - 1).payload().utf8();
    assertTrue(counters.contains("\"received\":5"), counters);
    assertTrue(counters.contains("\"ignored_malformed\":1"), counters);
    assertTrue(counters.contains("\"ignored_retained\":1"), counters);
    assertTrue(counters.contains("\"ignored_foreign\":2"), counters);
  }

  @Test
  void model_withATensorKey_acceptsOnlyTensorsSignedWithIt() throws Exception {
    tensors = new TensorCodec(new SigningKey(Bytes.wrap(new byte[SigningKey.BYTES])));
    Worker first = stage(1);
    Worker second = stage(2);
    frame(TestPictures.jpeg(Color.RED), "a", "1000");
    turns(first, second);
    assertEquals(1, replies("stage-2").size());

    Message good = broker.published(TOPICS.tensor("gate", 2)).get(0);
    StageTensor stageTensor = tensors.decode(good.payload());
    byte[] changed = good.payload().toArray();
    changed[TensorCodec.HEADER_BYTES] ^= 1;
    byte[] other = new byte[SigningKey.BYTES];
    other[0] = 1;
    try (CapturedLog log = new CapturedLog(Worker.class)) {
      tensor(new TensorCodec().encode(stageTensor));
      tensor(new TensorCodec(new SigningKey(Bytes.wrap(other))).encode(stageTensor));
      tensor(Bytes.wrap(changed));
      now += Duration.ofHours(1).toNanos();
      turns(second);
      assertEquals(
          List.of(
              "Ignored a message on 'chorale/home/camera/gate/tensor/2': not signed with the key in"
                  + " worker.tensor-key-file; use the same key file on every board; further ones"
                  + " are only counted"),
          log.lines());
    }
    assertEquals(1, replies("stage-2").size());
    List<Message> health = broker.published("chorale/home/worker/stage-2/health");
    String counters = health.get(health.size() - 1).payload().utf8();
    assertTrue(counters.contains("\"ignored_forged\":3"), counters);
  }

  private void tensor(Bytes payload) {
    tensor(payload, false);
  }

  private void tensor(Bytes payload, boolean retained) {
    Message message = Message.of(TOPICS.tensor("gate", 2), payload);
    Message sent = retained ? Message.retained(message.topic(), payload) : message;
    opened.stream()
        .filter(each -> each instanceof Worker)
        .map(each -> (Worker) each)
        .reduce((before, last) -> last)
        .orElseThrow()
        .inbox()
        .offer(new chorale.protocol.bus.BusEvent.Delivered(sent, now));
  }

  private static StageTensor changed(StageTensor stageTensor, int stage, long network) {
    return new StageTensor(
        stageTensor.key(),
        stage,
        network,
        stageTensor.k(),
        stageTensor.budgetMillis(),
        stageTensor.inferenceMicros(),
        stageTensor.queueMicros(),
        stageTensor.tensor());
  }

  @Test
  void model_info_namesItsStage() throws Exception {
    stage(2);
    WorkerInfo info =
        new StatusCodec()
            .decodeWorkerInfo(
                broker.published("chorale/home/worker/stage-2/info").get(0).payload());
    assertEquals(new Assignment(Strategy.MODEL, new Stage(2, 2)), info.assignment());
  }
}
