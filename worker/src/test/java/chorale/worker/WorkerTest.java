package chorale.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.WorkerSettings;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.TestPictures;
import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Digests;
import chorale.protocol.Failure;
import chorale.protocol.Judgment;
import chorale.protocol.Labels;
import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.Ranked;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Stage;
import chorale.protocol.StatusCodec;
import chorale.protocol.Strategy;
import chorale.protocol.Tier;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.PublishException;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Subscription;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkerTest {
  private static final long MILLI = 1_000_000;
  private static final Topics TOPICS = new Topics("home");
  private static final WorkerStrategy ALL_FRAMES =
      new AllFrames(
          Assignment.VARIANT,
          TOPICS,
          new RequestRules(TOPICS, RequestRules.Defaults.STANDARD, List.of()));
  private static final String REPLY = "chorale/home/camera/gate/reply/C16/board-c16";
  private static final String STATUS = "chorale/home/worker/board-c16/";
  private static final Bytes RED = TestPictures.jpeg(Color.RED);
  private static final Bytes BLUE = TestPictures.jpeg(Color.BLUE);
  private static final int RED_INDEX = 4;
  private static final int BLUE_INDEX = 1;

  @TempDir static Path models;
  private static Classifier classifier;

  private long now = Long.MAX_VALUE - 5 * MILLI; // the ticker overflows during the test
  private final MemoryBroker broker = new MemoryBroker(() -> now);
  private final ReplyCodec codec = new ReplyCodec();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Worker worker = worker(classifier);

  @BeforeAll
  static void open() throws Exception {
    classifier = Corners.open(models);
  }

  @AfterAll
  static void close() {
    classifier.close();
  }

  @AfterEach
  void closeWorker() {
    worker.close();
    threads.shutdown();
  }

  /** The test's clock stands still, so that the rehearsal ends because it gets no faster. */
  @Test
  void rehearsal_publishesNothing() throws Exception {
    int before = broker.published().size();

    WorkerRehearsal.run(dependencies(), classifier, ALL_FRAMES);

    assertEquals(before, broker.published().size());
    frame("gate", RED, MessageProperties.NONE);
    worker.runOnce();
    assertEquals(RED_INDEX, ranked(codec.decode(only(REPLY).payload())).get(0).index());
  }

  /** A worker of a later tier answers only frames that it is asked about. */
  @Test
  @Timeout(60)
  void rehearsal_laterTier_answersAsks() throws Exception {
    Assignment second =
        new Assignment(Strategy.VARIANT, Stage.WHOLE, false, List.of(), new Tier(2, List.of()));
    RequestRules rules = new RequestRules(TOPICS, RequestRules.Defaults.STANDARD, List.of());
    AskedFrames asked = new AskedFrames(new AllFrames(second, TOPICS, rules), 1_000_000);
    AtomicInteger answers = new AtomicInteger();

    WorkerRehearsal.run(dependencies(), classifier, new Counted(asked, answers));

    assertTrue(answers.get() >= 20, answers + " answers");
  }

  private record Counted(WorkerStrategy counted, AtomicInteger answers) implements WorkerStrategy {
    @Override
    public Assignment assignment() {
      return counted.assignment();
    }

    @Override
    public List<Subscription> subscriptions() {
      return counted.subscriptions();
    }

    @Override
    public Judgment<Job> judge(Address address, BusEvent.Delivered delivered) {
      return counted.judge(address, delivered);
    }

    @Override
    public void publish(Job job, Engine.Output output, Job.Spent spent, ReplyPublisher publisher) {
      answers.incrementAndGet();
      counted.publish(job, output, spent, publisher);
    }
  }

  private Worker worker(Classifier with) {
    return new Worker(dependencies(), with, ALL_FRAMES, broker.factory());
  }

  private Worker.Dependencies dependencies() {
    return dependencies(BoardEmulation.NONE);
  }

  private Worker.Dependencies dependencies(BoardEmulation board) {
    return dependencies(board, 1);
  }

  private Worker.Dependencies dependencies(BoardEmulation board, int concurrency) {
    return dependencies(board, concurrency, threads);
  }

  private Worker.Dependencies dependencies(
      BoardEmulation board, int concurrency, Executor executor) {
    return new Worker.Dependencies(
        new WorkerSettings(
            Corners.VARIANT,
            "board-c16",
            models,
            1,
            concurrency,
            1_000_000,
            1,
            Duration.ofSeconds(10),
            WorkerSettings.Place.VARIANT),
        TOPICS,
        codec,
        () -> now,
        Clock.fixed(Instant.parse("2026-11-23T10:00:00Z"), ZoneOffset.UTC),
        board,
        executor,
        7,
        "test",
        counters -> {});
  }

  @Test
  void open_announcesItsInfoAndThenOnline() throws Exception {
    worker.runOnce();
    List<Message> births = broker.published();

    assertEquals(STATUS + "info", births.get(0).topic());
    assertEquals(STATUS + "health", births.get(1).topic());
    assertEquals(Message.retained(STATUS + "availability", StatusCodec.ONLINE), births.get(2));
    assertTrue(births.get(0).retain());
    WorkerInfo info = new StatusCodec().decodeWorkerInfo(births.get(0).payload());
    assertEquals("board-c16", info.author().worker());
    assertEquals(7, info.author().session());
    assertEquals(16, info.author().inputSize());
    assertEquals("corners", info.modelSet());
    assertEquals(8, info.classes().size());
  }

  @Test
  void runOnce_frame_isAnsweredWithItsTopK() throws Exception {
    frame("gate", RED, MessageProperties.NONE);
    now += 3 * MILLI;

    worker.runOnce();

    Message message = only(REPLY);
    Reply reply = codec.decode(message.payload());
    assertEquals(Qos.AT_LEAST_ONCE, message.qos());
    assertEquals(OptionalInt.of(1), message.properties().expirySeconds());
    assertEquals(RequestKey.of("gate", Optional.empty(), RED), reply.key());
    assertEquals("gate", reply.camera());
    assertEquals(3_000, reply.queueMicros());
    assertEquals(Digests.prefix(classifier.manifest().sha256()), reply.author().modelDigest());
    List<Ranked> ranked = ranked(reply);
    assertEquals(2, ranked.size());
    assertEquals(RED_INDEX, ranked.get(0).index());
  }

  @Test
  void runOnce_propertiesOfTheFrame_areApplied() throws Exception {
    frame(
        "gate",
        RED,
        MessageProperties.NONE
            .withUser(RequestRules.K, "16")
            .withUser(RequestRules.DEADLINE_MS, "1001"));

    worker.runOnce();

    assertEquals(OptionalInt.of(2), only(REPLY).properties().expirySeconds());
    assertEquals(8, ranked(reply(0)).size()); // all classes of the set
  }

  @Test
  void runOnce_badImages_areAnsweredWithTheirError() throws Exception {
    frame("gate", Bytes.utf8("no image"), MessageProperties.NONE);
    frame("gate", TestPictures.jpegClaiming(RED, 10_000, 10_000), MessageProperties.NONE);
    frame("gate", Bytes.wrap(java.util.Arrays.copyOf(RED.toArray(), 60)), MessageProperties.NONE);
    turns(3);

    assertEquals(ReplyError.UNSUPPORTED, error(0));
    assertEquals(ReplyError.TOO_LARGE, error(1));
    assertEquals(ReplyError.BAD_IMAGE, error(2));
    String detail = ((Failure) reply(1).outcome()).detail();
    assertTrue(detail.contains("10000 x 10000 pixels"), detail);
  }

  @Test
  void runOnce_severalFrames_oneATurnInOrder() throws Exception {
    frame("gate", RED, MessageProperties.NONE);
    frame("gate", BLUE, MessageProperties.NONE);

    assertEquals(0, worker.runOnce());
    assertEquals(1, broker.published(REPLY).size());
    assertTrue(worker.runOnce() > 0);
    assertEquals(BLUE_INDEX, ranked(reply(1)).get(0).index());
  }

  @Test
  void runOnce_ageOfExactlyTheBudget_isAnswered() throws Exception {
    frame("gate", RED, MessageProperties.NONE.withUser(RequestRules.DEADLINE_MS, "40"));
    now += 40 * MILLI;

    worker.runOnce();

    assertEquals(RED_INDEX, ranked(reply(0)).get(0).index());
  }

  @Test
  void runOnce_ageOfANanosecondMore_isExpired() throws Exception {
    frame("gate", RED, MessageProperties.NONE.withUser(RequestRules.DEADLINE_MS, "40"));
    now += 40 * MILLI + 1;

    worker.runOnce();

    assertEquals(ReplyError.EXPIRED, error(0));
    assertEquals(40_000, reply(0).queueMicros());
  }

  @Test
  void runOnce_moreFramesThanTheBudgetAllows_answersTheRestOverloadedAtOnce() throws Exception {
    Gathering slow = new Gathering(1);
    slow.benchmarkMillis = 300;
    try (Worker behind = worker(new Meeting(slow, classifier), 1)) {
      for (Color each : List.of(Color.RED, Color.BLUE, Color.WHITE, Color.BLACK)) {
        frame("gate", TestPictures.jpeg(each), MessageProperties.NONE);
      }
      frame("gate", RED, MessageProperties.NONE.withUser(RequestRules.DEADLINE_MS, "2000"));
      for (int i = 0; i < 3; i++) {
        behind.runOnce();
      }
    }

    assertEquals(
        new Failure(
            "overloaded", "the worker's backlog of 900 ms is too long for the budget of 1000 ms"),
        reply(0).outcome());
    assertEquals(ReplyError.OVERLOADED, error(1));
    assertEquals(RED_INDEX, ranked(reply(2)).get(0).index());
    assertEquals(BLUE_INDEX, ranked(reply(3)).get(0).index());
    assertEquals(RED_INDEX, ranked(reply(4)).get(0).index(), "with a budget of 2 s");
    assertEquals(5, broker.published(REPLY).size());
  }

  @Test
  void runOnce_messageThatIsNoRequest_isCountedAndNotAnswered() throws Exception {
    frame("gate", Bytes.EMPTY, MessageProperties.NONE);
    frame("gate", RED, MessageProperties.NONE.withUser(RequestRules.K, "17"));
    frame("b@d", RED, MessageProperties.NONE);
    Message retained = Message.retained("chorale/home/camera/gate/image", RED);
    worker.inbox().offer(new BusEvent.Delivered(retained, now));
    turns(4);

    assertEquals(0, broker.published(REPLY).size());
    String health = healthAfter(Duration.ofSeconds(10));
    assertTrue(health.contains("\"received\":4"), health);
    assertTrue(health.contains("\"bad_requests\":1"), health);
    assertTrue(health.contains("\"ignored_empty\":1"), health);
    assertTrue(health.contains("\"ignored_retained\":1"), health);
    assertTrue(health.contains("\"ignored_invalid_name\":1"), health);
  }

  @Test
  void runOnce_frameLargerThanAllowed_isABadRequest() throws Exception {
    frame("gate", Bytes.wrap(new byte[Limits.MAX_IMAGE_BYTES + 1]), MessageProperties.NONE);
    worker.runOnce();

    assertEquals(0, broker.published(REPLY).size());
  }

  @Test
  void runOnce_failingNetwork_isAnsweredInternalAndGoesOn(@TempDir Path other) throws Exception {
    Classifier broken = Corners.open(other);
    broken.close();
    try (Worker failing = new Worker(dependencies(), broken, ALL_FRAMES, broker.factory())) {
      frame("gate", RED, MessageProperties.NONE);
      frame("gate", BLUE, MessageProperties.NONE);
      failing.runOnce();
      failing.runOnce();
    }

    assertEquals(ReplyError.INTERNAL, error(0));
    assertEquals(ReplyError.INTERNAL, error(1));
  }

  @Test
  void runOnce_health_isPublishedWhenDueAndNotBefore() throws Exception {
    worker.runOnce();
    assertEquals(1, broker.published(STATUS + "health").size());
    now += Duration.ofSeconds(10).toNanos() - 1;
    assertEquals(1, worker.runOnce());
    assertEquals(1, broker.published(STATUS + "health").size());
    now += 1;
    assertEquals(Duration.ofSeconds(10).toNanos(), worker.runOnce());

    List<Message> health = broker.published(STATUS + "health");
    assertEquals(2, health.size());
    assertTrue(health.get(1).retain());
    assertTrue(health.get(1).payload().utf8().contains("\"uptime_s\":10"));
    assertTrue(health.get(1).payload().utf8().contains("\"ts\":\"2026-11-23T10:00:00Z\""));
  }

  @Test
  void runOnce_counters_balance() throws Exception {
    frame("gate", RED, MessageProperties.NONE);
    frame("gate", Bytes.utf8("no image"), MessageProperties.NONE);
    frame("gate", BLUE, MessageProperties.NONE);
    turns(3);

    String health = healthAfter(Duration.ofSeconds(10));
    assertTrue(health.contains("\"received\":3"), health);
    assertTrue(health.contains("\"answered\":2"), health);
    assertTrue(health.contains("\"failed_overloaded\":0"), health);
    assertTrue(health.contains("\"failed_unsupported\":1"), health);
    assertTrue(health.contains("\"waiting\":0"), health);
    assertTrue(health.contains("\"publish_failed\":0"), health);
  }

  @Test
  void runOnce_brokerLostAndBack_announcesAgain() throws Exception {
    worker.runOnce();
    broker.stop();
    now += Duration.ofSeconds(60).toNanos();
    worker.runOnce();
    assertEquals(1, broker.published(STATUS + "health").size());

    broker.start();
    worker.runOnce();

    assertEquals(2, broker.published(STATUS + "info").size());
    assertEquals(2, broker.published(STATUS + "availability").size());
    assertEquals(2, broker.published(STATUS + "health").size());
  }

  /** A broker that was paused can publish the last will of a broken connection late. */
  @Test
  void runOnce_lastWillOfAnEarlierConnection_announcesOnline() throws Exception {
    worker.runOnce();
    broker.publish(Message.retained(STATUS + "availability", StatusCodec.OFFLINE));
    worker.runOnce();

    List<Message> availability = broker.published(STATUS + "availability");
    assertEquals(StatusCodec.ONLINE, availability.get(availability.size() - 1).payload());
    int said = availability.size();
    worker.runOnce();
    assertEquals(said, broker.published(STATUS + "availability").size());
  }

  @Test
  void runOnce_repliesThatCannotBePublished_areCounted() throws Exception {
    List<Message> published = new ArrayList<>();
    try (Worker alone =
        new Worker(
            dependencies(),
            classifier,
            ALL_FRAMES,
            (session, inbox) -> new RefusingBus(published))) {
      alone
          .inbox()
          .offer(new BusEvent.Delivered(Message.of("chorale/home/camera/gate/image", RED), now));
      alone.runOnce();
      now += Duration.ofSeconds(10).toNanos();
      alone.runOnce();
    }

    String health = published.get(published.size() - 1).payload().utf8();
    assertTrue(health.contains("\"answered\":1"), health);
    // the reply, and the first health message
    assertTrue(health.contains("\"publish_failed\":2"), health);
  }

  private record RefusingBus(List<Message> published) implements chorale.protocol.bus.Bus {
    @Override
    public void discardWaiting() {}

    @Override
    public CompletableFuture<Void> publish(Message message) {
      published.add(message);
      return CompletableFuture.failedFuture(new PublishException("refused"));
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void runOnce_anotherProcessOfItsName_endsNamingTheClash() throws Exception {
    String id = "chorale-worker-board-c16";
    worker.runOnce();
    for (int i = 0; i < 2; i++) {
      broker.cut(id);
      worker.runOnce();
      String own = broker.published(STATUS + "info").get(0).payload().utf8();
      String other =
          own.replaceFirst("\"session\":\"[0-9a-f]+\"", "\"session\":\"00000000000000ff\"");
      broker.publish(Message.retained(STATUS + "info", Bytes.utf8(other)));
      broker.restore(id);
      worker.runOnce();
    }
    broker.cut(id);
    String message = assertThrows(ServiceEndedException.class, worker::runOnce).getMessage();
    assertTrue(message.startsWith("worker board-c16 ends: another process of this name"), message);
  }

  @Test
  void close_publishesOffline() {
    worker.close();

    List<Message> availability = broker.published(STATUS + "availability");
    assertEquals(
        Message.retained(STATUS + "availability", StatusCodec.OFFLINE),
        availability.get(availability.size() - 1));
  }

  @Test
  void runOnce_emulatedBoard_waitsBeforeItRepliesAndReportsTheBoardsTime() throws Exception {
    try (Worker emulating =
        new Worker(dependencies(slowerBy(20)), classifier, ALL_FRAMES, broker.factory())) {
      frame("gate", RED, MessageProperties.NONE);
      frame("gate", Bytes.utf8("no image"), MessageProperties.NONE);
      emulating.runOnce();
      emulating.runOnce();
    }

    assertEquals(RED_INDEX, ranked(reply(0)).get(0).index());
    assertEquals(20 * 3_000, reply(0).inferenceMicros());
    assertEquals(ReplyError.UNSUPPORTED, error(1));
    assertEquals(20 * 3_000, reply(1).inferenceMicros());
  }

  @Test
  void runOnce_realBoard_neitherReadsProcessorTimeNorWaits() throws Exception {
    BoardEmulation board =
        new BoardEmulation(
            1, Assertions::fail, Assertions::fail, nanos -> Assertions.fail("waited"));
    try (Worker real = new Worker(dependencies(board), classifier, ALL_FRAMES, broker.factory())) {
      frame("gate", RED, MessageProperties.NONE);
      real.runOnce();
    }

    assertEquals(RED_INDEX, ranked(reply(0)).get(0).index());
  }

  @Test
  void open_emulatedBoard_announcesItWithItsOwnBenchmark() throws Exception {
    new Worker(dependencies(slowerBy(20)), classifier, ALL_FRAMES, broker.factory()).close();

    List<Message> infos = broker.published(STATUS + "info");
    WorkerInfo info = new StatusCodec().decodeWorkerInfo(infos.get(infos.size() - 1).payload());
    assertEquals(20, info.boardFactor());
    assertEquals(20 * classifier.selfBenchmarkMillis(), info.selfBenchmarkMillis(), 1e-9);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.99, 1_000.5, Double.NaN})
  void board_factorOutOfRange_isRefused(double factor) {
    assertThrows(IllegalArgumentException.class, () -> slowerBy(factor));
  }

  /** Each reading of the processor time is 3 ms later than the previous one; waits are instant. */
  private BoardEmulation slowerBy(double factor) {
    AtomicLong cpu = new AtomicLong(Long.MAX_VALUE);
    return new BoardEmulation(
        factor, () -> now, () -> cpu.addAndGet(3 * MILLI), nanos -> now += nanos);
  }

  @Test
  void concurrency_waitingFrames_areComputedConcurrently() throws Exception {
    Meeting meeting = new Meeting(new Gathering(2), classifier);
    try (Worker busy = worker(meeting, 2)) {
      frame("gate", RED, MessageProperties.NONE);
      frame("gate", BLUE, MessageProperties.NONE);
      turnUntilReplied(busy, 2);
    }

    assertEquals(1, meeting.gathering().opened.get());
    assertEquals(1, meeting.gathering().closed.get());
    assertEquals(
        Set.of(RED_INDEX, BLUE_INDEX),
        Set.of(ranked(reply(0)).get(0).index(), ranked(reply(1)).get(0).index()));
  }

  @Test
  void concurrency_singleFrame_runsOnTheOwnersThread() throws Exception {
    Meeting alone = new Meeting(new Gathering(1), classifier);
    Executor nobody = task -> Assertions.fail("ran on a borrowed thread");
    try (Worker idle =
        new Worker(
            dependencies(BoardEmulation.NONE, 4, nobody), alone, ALL_FRAMES, broker.factory())) {
      for (int i = 0; i < 20; i++) {
        frame("gate", RED, MessageProperties.NONE);
        idle.runOnce();
        assertEquals(i + 1, broker.published(REPLY).size());
      }
    }

    assertEquals(0, alone.gathering().opened.get());
  }

  @Test
  void concurrency_oneFrameTakesLong_othersAreAnsweredMeanwhile() throws Exception {
    Gathering gathering = new Gathering(2);
    gathering.held = new Engine.Image(RED);
    try (Worker busy = worker(new Meeting(gathering, classifier), 2)) {
      frame("gate", RED, MessageProperties.NONE);
      frame("gate", BLUE, MessageProperties.NONE);
      frame("gate", BLUE, MessageProperties.NONE);
      turnUntilReplied(busy, 2);
      assertEquals(BLUE_INDEX, ranked(reply(1)).get(0).index());

      frame(
          "gate",
          BLUE,
          MessageProperties.NONE); // runs on a borrowed thread, since another frame is running
      turnUntilReplied(busy, 3);
      gathering.latch.countDown();
      turnUntilReplied(busy, 4);
    }

    assertEquals(RED_INDEX, ranked(reply(3)).get(0).index());
  }

  @Test
  void concurrency_allEnginesBusy_theNewestIsOverloadedAndAllAreCounted() throws Exception {
    Gathering gathering = new Gathering(3);
    gathering.benchmarkMillis = 300;
    try (Worker busy = worker(new Meeting(gathering, classifier), 2)) {
      frame("gate", RED, MessageProperties.NONE);
      frame("gate", RED, MessageProperties.NONE);
      busy.runOnce();
      Awaitility.await().until(() -> gathering.latch.getCount() == 1); // both are running
      for (int i = 0; i < 5; i++) {
        frame("gate", BLUE, MessageProperties.NONE);
      }
      assertTrue(busy.runOnce() > 0, "it waits for one of the two running frames");
      assertEquals(ReplyError.OVERLOADED, error(0));
      assertEquals(1, broker.published(REPLY).size());

      now += Duration.ofSeconds(10).toNanos();
      busy.runOnce();
      List<Message> health = broker.published(STATUS + "health");
      String counters = health.get(health.size() - 1).payload().utf8();
      assertTrue(counters.contains("\"waiting\":6"), counters);
      gathering.latch.countDown();
      turnUntilReplied(busy, 7);
    }

    int expired = 0;
    for (int i = 0; i < 7; i++) {
      boolean failed = reply(i).outcome() instanceof Failure;
      expired += failed && error(i) == ReplyError.EXPIRED ? 1 : 0;
    }
    assertEquals(4, expired, "expiry is checked when a frame starts");
  }

  @Test
  void concurrency_errorOfTheJvm_endsTheOwner() throws Exception {
    Executor here = Runnable::run;
    Meeting broken = new Meeting(new Gathering(1), classifier);
    broken.gathering().error = Optional.of(new OutOfMemoryError("for the test"));
    try (Worker busy =
        new Worker(
            dependencies(BoardEmulation.NONE, 2, here), broken, ALL_FRAMES, broker.factory())) {
      frame("gate", RED, MessageProperties.NONE);
      frame("gate", RED, MessageProperties.NONE);
      busy.runOnce();
      Throwable thrown = assertThrows(CompletionException.class, busy::runOnce);
      assertEquals("for the test", thrown.getCause().getMessage());
      broken.gathering().error = Optional.empty();
      assertThrows(CompletionException.class, busy::runOnce);
    }
  }

  @Test
  void concurrency_noFrameStartedForASecond_closesTheEngineUntilItIsNeeded() throws Exception {
    Meeting meeting = new Meeting(new Gathering(2), classifier);
    try (Worker busy = worker(meeting, 2)) {
      for (int burst = 1; burst <= 3; burst++) {
        frame("gate", RED, MessageProperties.NONE);
        frame("gate", BLUE, MessageProperties.NONE);
        turnUntilReplied(busy, 2 * burst);
        now += Duration.ofSeconds(1).toNanos() - 1;
        assertEquals(1, busy.runOnce());
        assertEquals(burst - 1, meeting.gathering().closed.get());
        now += 1;
        busy.runOnce();
        int closed = burst;
        Awaitility.await().until(() -> meeting.gathering().closed.get() == closed);
        meeting.gathering().latch = new CountDownLatch(2);
      }
      assertEquals(3, meeting.gathering().opened.get());
    }
  }

  @Test
  void close_whileFramesAreRunning_awaitsTheirAnswers() throws Exception {
    Gathering late = new Gathering(3);
    Worker busy = worker(new Meeting(late, classifier), 3);
    frame("gate", RED, MessageProperties.NONE);
    frame("gate", BLUE, MessageProperties.NONE);
    busy.runOnce();
    Awaitility.await().until(() -> late.latch.getCount() == 1); // both are running
    Thread owner = new Thread(busy::close);
    owner.start();
    Awaitility.await().until(() -> owner.getState() == Thread.State.WAITING);
    late.latch.countDown();
    owner.join();

    assertEquals(2, broker.published(REPLY).size());
    assertEquals(1, late.closed.get());
  }

  private Worker worker(Engine engine, int concurrency) {
    return new Worker(
        dependencies(BoardEmulation.NONE, concurrency), engine, ALL_FRAMES, broker.factory());
  }

  /** Runs the worker like its main loop: a finished job must wake it. */
  private void turnUntilReplied(Worker busy, int replies) throws Exception {
    for (int turn = 0; broker.published(REPLY).size() < replies; turn++) {
      assertTrue(turn < 20, () -> "replies: " + broker.published(REPLY));
      if (busy.runOnce() > 0 && broker.published(REPLY).size() < replies) {
        busy.inbox().await(TimeUnit.SECONDS.toNanos(20));
      }
    }
  }

  /** A barrier where engines wait until a given number of them run at the same time. */
  private static final class Gathering {
    private volatile CountDownLatch latch;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    /** If set, only this input waits. */
    private Engine.Input held;

    private double benchmarkMillis = 1;
    private Optional<Error> error = Optional.empty();

    private Gathering(int engines) {
      latch = new CountDownLatch(engines);
    }

    private void join(Engine.Input input) {
      error.ifPresent(
          thrown -> {
            throw thrown;
          });
      if (held != null && !held.equals(input)) {
        return;
      }
      latch.countDown();
      try {
        assertTrue(latch.await(20, TimeUnit.SECONDS), "too few engines arrived");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A network that answers only after enough engines have arrived at its barrier. */
  private record Meeting(Gathering gathering, Classifier network) implements Engine {
    @Override
    public Output run(Input input) throws ImageRejectedException {
      gathering.join(input);
      return network.run(input);
    }

    @Override
    public Engine another() {
      gathering.opened.incrementAndGet();
      return new Meeting(gathering, network.another());
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
      return gathering.benchmarkMillis;
    }

    /** A worker closes only the engines of its pool. */
    @Override
    public void close() {
      gathering.closed.incrementAndGet();
      network.close();
    }
  }

  private void frame(String camera, Bytes image, MessageProperties properties) {
    broker.publish(Message.of("chorale/home/camera/" + camera + "/image", image).with(properties));
  }

  private void turns(int count) throws ServiceEndedException {
    for (int i = 0; i < count; i++) {
      worker.runOnce();
    }
  }

  private String healthAfter(Duration time) throws ServiceEndedException {
    now += time.toNanos();
    worker.runOnce();
    List<Message> health = broker.published(STATUS + "health");
    return health.get(health.size() - 1).payload().utf8();
  }

  private Message only(String topic) {
    assertEquals(1, broker.published(topic).size());
    return broker.published(topic).get(0);
  }

  private Reply reply(int index) throws MalformedException {
    return codec.decode(broker.published(REPLY).get(index).payload());
  }

  private static List<Ranked> ranked(Reply reply) {
    return ((Reply.Outcome.TopK) reply.outcome()).ranked();
  }

  private ReplyError error(int index) throws MalformedException {
    String code = ((Failure) reply(index).outcome()).code();
    return Labels.find(ReplyError.class, code).orElseThrow();
  }
}
