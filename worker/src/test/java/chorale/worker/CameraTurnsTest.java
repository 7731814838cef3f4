package chorale.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.WorkerSettings;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.TestPictures;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Failure;
import chorale.protocol.Message;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestRules;
import chorale.protocol.Topics;
import chorale.protocol.bus.MemoryBroker;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import java.awt.Color;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fairness between cameras: a camera with many or expensive frames does not delay the others. */
final class CameraTurnsTest {
  private static final long MILLI = 1_000_000;
  private static final long HOUR = 3_600_000 * MILLI;
  private static final Topics TOPICS = new Topics("home");

  @TempDir static Path models;
  private static Classifier network;

  private final AtomicLong now = new AtomicLong();
  private final MemoryBroker broker = new MemoryBroker(now::get);
  private final ReplyCodec codec = new ReplyCodec();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeAll
  static void open() throws Exception {
    network = Corners.open(models);
  }

  @AfterAll
  static void close() {
    network.close();
  }

  @AfterEach
  void stopThreads() {
    threads.shutdown();
  }

  /** Publishes a frame whose payload gives its cost. */
  private void frame(String camera, int number, long costMillis, int bytes) {
    String text = costMillis + " " + camera + number + " ";
    byte[] payload = new byte[Math.max(bytes, text.length())];
    System.arraycopy(
        text.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, payload, 0, text.length());
    broker.publish(Message.of(TOPICS.image(camera), Bytes.wrap(payload)));
  }

  /** An engine whose inference takes as long as each frame's payload says. */
  private record Paced(LongConsumer pass) implements Engine {
    @Override
    public Output run(Input input) throws ImageRejectedException {
      String text = ((Image) input).encoded().utf8();
      pass.accept(Long.parseLong(text.substring(0, text.indexOf(' '))) * MILLI);
      return network.run(new Image(TestPictures.jpeg(Color.RED)));
    }

    @Override
    public Engine another() {
      return this;
    }

    @Override
    public ModelSet modelSet() {
      return network.modelSet();
    }

    @Override
    public VariantManifest manifest() {
      return network.manifest();
    }

    @Override
    public double selfBenchmarkMillis() {
      return 1;
    }

    @Override
    public void close() {}
  }

  private Worker worker(int concurrency, LongConsumer pass) {
    Worker.Dependencies dependencies =
        new Worker.Dependencies(
            new WorkerSettings(
                Corners.VARIANT,
                "board",
                models,
                1,
                concurrency,
                1_000_000,
                1,
                Duration.ofNanos(HOUR),
                WorkerSettings.Place.VARIANT),
            TOPICS,
            codec,
            now::get,
            Clock.fixed(Instant.parse("2026-11-23T10:00:00Z"), ZoneOffset.UTC),
            BoardEmulation.NONE,
            threads,
            7,
            "test",
            counters -> {});
    WorkerStrategy strategy =
        new AllFrames(
            Assignment.VARIANT,
            TOPICS,
            new RequestRules(TOPICS, RequestRules.Defaults.STANDARD, List.of()));
    return new Worker(dependencies, new Paced(pass), strategy, broker.factory());
  }

  private List<Reply> replies(String camera) throws Exception {
    List<Reply> all = new ArrayList<>();
    for (Message each : broker.published(TOPICS.reply(camera, Corners.VARIANT, "board"))) {
      all.add(codec.decode(each.payload()));
    }
    return all;
  }

  private static boolean isAnswered(Reply reply) {
    return reply.outcome() instanceof Reply.Outcome.TopK;
  }

  private static long count(List<Reply> replies, ReplyError error) {
    return replies.stream()
        .filter(
            reply ->
                reply.outcome() instanceof Failure failure && failure.code().equals(error.code()))
        .count();
  }

  @Test
  void runOnce_floodBesideANormalCamera_normalCameraIsAnsweredInTime() throws Exception {
    try (Worker worker = worker(1, this::passWithFrames)) {
      while (now.get() < 10_000 * MILLI) {
        if (worker.runOnce() > 0) {
          passWithFrames(MILLI);
        }
      }
    }

    List<Reply> good = replies("good");
    assertTrue(good.size() >= 19, () -> "replies: " + good.size());
    for (Reply reply : good) {
      assertTrue(isAnswered(reply), reply::toString);
      assertTrue(reply.queueMicros() <= 45_000, () -> "waited " + reply.queueMicros());
    }
    List<Reply> flood = replies("flood");
    assertTrue(flood.stream().filter(CameraTurnsTest::isAnswered).count() > 200);
    assertTrue(count(flood, ReplyError.OVERLOADED) > 1_500);
  }

  /** Passes time, while one camera sends 2 frames/s of 5 ms and another 200 frames/s of 45 ms. */
  private void passWithFrames(long nanos) {
    for (long passed = 0; passed < nanos; passed += MILLI) {
      int millis = (int) (now.addAndGet(MILLI) / MILLI);
      if (millis % 5 == 0) {
        frame("flood", millis, 45, 0);
      }
      if (millis % 500 == 0) {
        frame("good", millis, 5, 0);
      }
    }
  }

  @Test
  void runOnce_slowFrameRunning_floodOfItsCameraEvictsNoOtherFromTheInbox() throws Exception {
    Gate gate = new Gate();
    try (Worker worker = worker(1, gate)) {
      frame("flood", 0, 1_000, 0);
      worker.runOnce(); // on this thread, since the camera's cost is unknown
      assertEquals(1, replies("flood").size());

      gate.shut();
      frame("flood", 1, 1_000, 0);
      worker.runOnce();
      gate.awaitWaiter();
      frame("good", 0, 5, 0);
      for (int i = 2; i < 300; i++) {
        frame("flood", i, 1_000, 1024 * 1024);
        assertTrue(worker.runOnce() > 0, "it has to wait");
      }
      assertEquals(0, worker.inbox().dropped());
      assertEquals(List.of(), replies("good"));

      gate.open();
      while (replies("good").isEmpty()) {
        worker.inbox().await(TimeUnit.SECONDS.toNanos(20));
        worker.runOnce();
      }
    }

    assertTrue(isAnswered(replies("good").get(0)));
    List<Reply> flood = replies("flood");
    assertEquals(
        298,
        count(flood, ReplyError.OVERLOADED),
        "a frame of 1 s does not fit into a budget of 1 s");
  }

  @Test
  void runOnce_twoEnginesAndSlowFrames_otherCamerasAreAnsweredMeanwhile() throws Exception {
    Gate gate = new Gate();
    try (Worker worker = worker(2, gate)) {
      frame("heavy", 0, 1_000, 0);
      worker.runOnce(); // on this thread, since the camera's cost is unknown
      frame("good", 0, 5, 0);
      worker.runOnce();

      gate.shut();
      for (int i = 1; i <= 4; i++) {
        frame("heavy", i, 1_000, 0);
      }
      worker.runOnce();
      gate.awaitWaiter();
      for (int i = 1; i <= 3; i++) {
        frame("good", i, 5, 0);
        while (replies("good").size() <= i) {
          worker.runOnce();
          worker.inbox().await(TimeUnit.SECONDS.toNanos(20));
          worker.runOnce();
        }
      }
      assertEquals(
          3, count(replies("heavy"), ReplyError.OVERLOADED), "the budget allows one frame of 1 s");
      assertEquals(1 + 3, replies("heavy").size());
      gate.open();
    }

    assertTrue(replies("good").stream().allMatch(CameraTurnsTest::isAnswered));
  }

  /** Passes an engine's time; slow frames wait while the gate is shut. */
  private final class Gate implements LongConsumer {
    private final Semaphore open = new Semaphore(1);

    void shut() throws InterruptedException {
      open.acquire();
    }

    void open() {
      open.release();
    }

    void awaitWaiter() {
      Awaitility.await().until(open::hasQueuedThreads);
    }

    @Override
    public void accept(long nanos) {
      if (nanos > JobQueue.SLOW_NANOS) {
        try {
          assertTrue(
              open.tryAcquire(20, TimeUnit.SECONDS), "computed on the thread that opens the gate");
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        open.release();
      }
      now.addAndGet(nanos);
    }
  }
}
