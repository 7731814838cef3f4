package chorale.worker;

import chorale.config.WorkerSettings;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Digests;
import chorale.protocol.Failure;
import chorale.protocol.Health;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgment;
import chorale.protocol.LogLimit;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.PrintableText;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.ReplyError;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.access.ClientIds;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.NameClash;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.worker.Finished.Outcome;
import chorale.worker.Job.Spent;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The service of a board: it answers every camera's frames with its variant's top-k or with an
 * error reply. One thread owns all of its state and calls {@link #runOnce}.
 *
 * <p>A frame's age counts from its arrival at this worker and includes its wait in the inbox and
 * the queue; the clocks of other machines are not used. Cameras take turns, and the frames of one
 * camera start in their order of arrival. If the budget of a frame would be over before the jobs in
 * front of it are done, the worker replies {@code overloaded} at once ({@link JobQueue}). No
 * content of a frame can end the loop. The {@link InferencePool} runs the inference. {@link
 * WorkerStrategy} holds what depends on the site's strategy.
 */
public final class Worker implements Service {
  private static final System.Logger LOG = System.getLogger(Worker.class.getName());

  /**
   * The inbox is drained between any two frames. It must hold the messages that arrive during one
   * short inference; long inferences run on other threads.
   */
  private static final int INBOX_MESSAGES = 10_000;

  /** Fraction of the heap (1/8); most of the rest is for decoding. */
  private static final int INBOX_SHARE = 8;

  private static final int QUEUE_SHARE = 4;

  private static final int MAX_SHOWN = 120;

  private final Dependencies dependencies;
  private final Engine engine;
  private final WorkerStrategy strategy;
  private final Reply.Author author;

  private final StatusCodec statusCodec = new StatusCodec();
  private final Inbox inbox =
      new Inbox(INBOX_MESSAGES, Runtime.getRuntime().maxMemory() / INBOX_SHARE);
  private final Bus bus;
  private final long startedNanos;

  private final ReplyPublisher publisher;
  private final InferencePool pool;

  private final Address ownInfo;
  private final Address ownAvailability;
  private final NameClash clash;

  private final WorkerCounters counters = new WorkerCounters();
  private final LogLimit limit = new LogLimit();
  private Optional<String> ended = Optional.empty();
  private long healthDueNanos;
  private boolean failing;

  /**
   * A worker's dependencies besides its engine, strategy and bus.
   *
   * @param settings {@code name}, {@code concurrency} and {@code healthEvery} are used
   * @param board the emulated board: replies, counters and self-benchmark are those of the board
   * @param threads runs each task of the pool at once, on a thread other than the caller's
   * @param session a number that no earlier run of this worker has used
   * @param version of the software, for people
   * @param machine adds the process's resource usage to the counters ({@link
   *     chorale.protocol.ProcessFigures})
   */
  public record Dependencies(
      WorkerSettings settings,
      Topics topics,
      ReplyCodec replyCodec,
      Ticker ticker,
      Clock clock,
      BoardEmulation board,
      Executor threads,
      long session,
      String version,
      Consumer<Map<String, Long>> machine) {
    public Dependencies {
      Objects.requireNonNull(settings, "settings");
      Objects.requireNonNull(topics, "topics");
      Objects.requireNonNull(replyCodec, "replyCodec");
      Objects.requireNonNull(ticker, "ticker");
      Objects.requireNonNull(clock, "clock");
      Objects.requireNonNull(board, "board");
      Objects.requireNonNull(threads, "threads");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(machine, "machine");
    }

    /** Returns the same dependencies without board emulation. */
    Dependencies withoutBoard() {
      return new Dependencies(
          settings,
          topics,
          replyCodec,
          ticker,
          clock,
          BoardEmulation.NONE,
          threads,
          session,
          version,
          machine);
    }
  }

  /**
   * @param engine the caller closes it, after this worker
   */
  public Worker(
      Dependencies dependencies, Engine engine, WorkerStrategy strategy, BusFactory buses) {
    this.dependencies = Objects.requireNonNull(dependencies, "dependencies");
    this.engine = Objects.requireNonNull(engine, "engine");
    this.strategy = Objects.requireNonNull(strategy, "strategy");
    this.author = author(dependencies, engine);
    this.ownInfo = new Address.Status(Role.WORKER, author.worker(), StatusKind.INFO);
    this.ownAvailability =
        new Address.Status(Role.WORKER, author.worker(), StatusKind.AVAILABILITY);
    this.clash = new NameClash("worker " + author.worker(), author.session());
    this.startedNanos = dependencies.ticker().nanos();
    this.healthDueNanos = startedNanos;
    strategy.begin(info());
    this.bus = buses.open(session(), inbox);
    this.publisher = new ReplyPublisher(dependencies, author, bus, counters);
    this.pool =
        new InferencePool(
            new InferencePool.Capacity(
                Runtime.getRuntime().maxMemory() / QUEUE_SHARE,
                dependencies.settings().concurrency()),
            engine,
            new JobRunner(dependencies.board(), dependencies.ticker()),
            dependencies.threads(),
            inbox::wake);
  }

  /**
   * Publishes finished jobs, drains the inbox, starts waiting jobs, and publishes health when due.
   */
  @Override
  public long runOnce() throws ServiceEndedException {
    publishFinished();
    drain();
    pool.work(dependencies.ticker().nanos()).ifPresent(this::publish);
    if (ended.isPresent()) {
      throw new ServiceEndedException(ended.get());
    }
    long now = dependencies.ticker().nanos();
    if (now - healthDueNanos >= 0) {
      publishHealth(now);
    }
    long untilIdle = pool.closeIdle(now);
    return pool.hasWork() ? 0 : Math.max(0, Math.min(healthDueNanos - now, untilIdle));
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public void close() {
    pool.close(); // before the caller closes the engine that the pool's engines share
    publishFinished();
    bus.close();
  }

  private void drain() throws ServiceEndedException {
    for (Optional<BusEvent> event = inbox.poll(); event.isPresent(); event = inbox.poll()) {
      if (event.get() instanceof BusEvent.Delivered delivered) {
        deliver(delivered);
      } else if (event.get() instanceof BusEvent.Disconnected) {
        clash.disconnected();
      } else if (event.get() instanceof BusEvent.Connected) {
        strategy.forget();
      } else if (event.get() instanceof BusEvent.Subscribed) {
        announce();
      } else if (event.get() instanceof BusEvent.Ended over) {
        ended = Optional.of(over.reason());
      }
    }
  }

  private void deliver(BusEvent.Delivered delivered) {
    Address address = dependencies.topics().parse(delivered.message().topic());
    if (address.equals(ownInfo)) {
      hearOwnName(delivered.message().payload());
    } else if (address.equals(ownAvailability)) {
      hearOwnAvailability(delivered.message());
    } else if (!(address instanceof Address.Status status)) {
      admit(strategy.judge(address, delivered), delivered.message().topic());
    } else if (strategy.hear(status, delivered)) {
      healthDueNanos = dependencies.ticker().nanos();
    }
  }

  private void hearOwnName(Bytes announcement) {
    try {
      clash.hear(statusCodec.decodeWorkerInfo(announcement).author().session());
    } catch (MalformedException e) {
      LOG.log(Level.DEBUG, "ignored an info under this worker''s name: {0}", e.getMessage());
    }
  }

  /** Announces again when the last will of an earlier connection arrives late. */
  private void hearOwnAvailability(Message said) {
    if (!said.retain() && said.payload().equals(StatusCodec.OFFLINE)) {
      announce();
    }
  }

  private void admit(Judgment<Job> judgment, String topic) {
    counters.received();
    if (judgment instanceof Judgment.Accepted<Job> accepted) {
      pool.add(accepted.value(), dependencies.ticker().nanos()).forEach(this::overload);
    } else if (judgment instanceof Judgment.Failed<Job> failed) {
      Spent spent = failed.value().spentUntil(dependencies.ticker().nanos());
      fail(failed.value(), failed.error(), failed.detail(), spent);
    } else if (judgment instanceof Judgment.Bad<Job>) {
      counters.badRequest(); // the aggregator publishes the error
    } else if (judgment instanceof Judgment.Ignored<Job> ignored) {
      ignore(ignored.reason(), topic);
    }
  }

  private void ignore(IgnoredReason reason, String topic) {
    counters.ignored(reason);
    String why =
        switch (reason) {
          case INVALID_NAME -> "not a valid camera name";
          case FORGED ->
              "not signed with the key in worker.tensor-key-file; use the same key file on every"
                  + " board";
          default -> "";
        };
    if (!why.isEmpty() && limit.allows(why, dependencies.ticker().nanos())) {
      LOG.log(
          Level.WARNING,
          "Ignored a message on ''{0}'': {1}; further ones are only counted",
          PrintableText.ascii(topic, MAX_SHOWN),
          why);
    }
  }

  private void overload(JobQueue.Refusal refusal) {
    Job job = refusal.job();
    Spent spent = job.spentUntil(dependencies.ticker().nanos());
    fail(job, ReplyError.OVERLOADED, refusal.detail(), spent);
  }

  private void publishFinished() {
    for (var each = pool.poll(); each.isPresent(); each = pool.poll()) {
      publish(each.get());
    }
  }

  private void publish(Finished finished) {
    Job job = finished.job();
    if (finished.outcome() instanceof Outcome.Computed computed) {
      succeed(job, computed.output(), finished.spent());
    } else if (finished.outcome() instanceof Outcome.Failed failed) {
      failed.bug().ifPresent(this::logBug);
      fail(job, failed.error(), failed.detail(), finished.spent());
    }
  }

  private void succeed(Job job, Engine.Output output, Spent spent) {
    failing = false;
    counters.answered(
        spent.queueMicros() - job.before().queueMicros(),
        spent.inferenceMicros() - job.before().inferenceMicros());
    strategy.publish(job, output, spent, publisher);
  }

  private void logBug(RuntimeException bug) {
    LOG.log(failing ? Level.DEBUG : Level.WARNING, "Inference failed", bug);
    failing = true;
  }

  private void fail(Job job, ReplyError error, String detail, Spent spent) {
    counters.failed(error);
    publisher.failed(job, Failure.of(error, detail), spent);
  }

  /**
   * Announces {@code online} last, because frames may arrive from then on. Publishes health first,
   * because a restarted broker without persistence has lost the retained message.
   */
  private void announce() {
    publishHealth(dependencies.ticker().nanos());
    publisher.publish(Message.retained(status(StatusKind.AVAILABILITY), StatusCodec.ONLINE));
  }

  /** Skips health while disconnected; every reconnect announces again. */
  private void publishHealth(long now) {
    healthDueNanos = now + dependencies.settings().healthEvery().toNanos();
    if (bus.isConnected()) {
      publisher.publish(Message.retained(status(StatusKind.HEALTH), statusCodec.encode(health())));
    }
  }

  /** Returns the counters and resource usage; called on the worker's own thread. */
  public Health health() {
    SortedMap<String, Long> all = counters.snapshot(pool.unfinished(), inbox.dropped());
    dependencies.machine().accept(all);
    long seconds = (dependencies.ticker().nanos() - startedNanos) / 1_000_000_000L;
    return new Health(dependencies.clock().instant(), seconds, all);
  }

  private Session session() {
    String availability = status(StatusKind.AVAILABILITY);
    return new Session(
        ClientIds.of(Role.WORKER, author.worker()),
        subscriptions(),
        Optional.of(Message.retained(availability, StatusCodec.OFFLINE)),
        List.of(Message.retained(status(StatusKind.INFO), statusCodec.encode(info()))));
  }

  /** The strategy's subscriptions, and the topics of this worker's own status. */
  private List<Subscription> subscriptions() {
    List<Subscription> wanted = new ArrayList<>(strategy.subscriptions());
    for (StatusKind kind : List.of(StatusKind.INFO, StatusKind.AVAILABILITY)) {
      String all = dependencies.topics().statusFilter(Role.WORKER, kind);
      if (wanted.stream().noneMatch(each -> each.filter().equals(all))) {
        wanted.add(Subscription.withRetained(status(kind)));
      }
    }
    return wanted;
  }

  private WorkerInfo info() {
    return new WorkerInfo(
        author,
        engine.modelSet().name(),
        engine.modelSet().classes(),
        dependencies.board().factor() * engine.selfBenchmarkMillis(),
        dependencies.board().factor(),
        engine.modelSet().calibrationOf(author.variant()),
        strategy.assignment(),
        ReplyCodec.SCHEMA,
        dependencies.version());
  }

  private String status(StatusKind kind) {
    return dependencies.topics().status(Role.WORKER, author.worker(), kind);
  }

  private static Reply.Author author(Dependencies dependencies, Engine engine) {
    return new Reply.Author(
        engine.manifest().id(),
        dependencies.settings().name(),
        dependencies.session(),
        engine.manifest().alpha(),
        engine.manifest().inputSize(),
        engine.modelSet().classes().size(),
        Digests.prefix(engine.modelSet().classDigest()),
        Digests.prefix(engine.manifest().sha256()));
  }
}
