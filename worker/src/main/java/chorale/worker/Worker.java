package chorale.worker;

import chorale.config.WorkerSettings;
import chorale.imaging.ImageRejectedException;
import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.Digests;
import chorale.protocol.Health;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgement;
import chorale.protocol.Message;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestRules;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.protocol.strategy.TensorCodec;
import chorale.worker.Job.Spent;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One variant on the bus: hears every camera's frames and answers each with its top-k or with an
 * error reply. Under other strategies it does only its share of them, or runs one stage of a
 * network and hands on to the next; what differs is where its jobs come from ({@link JobSource}),
 * which of them are its own ({@link Peers}) and what it computes with ({@link Engine}). One thread
 * calls {@link #runOnce} and owns the engine that this is handed, which is not closed here.
 *
 * <p>A frame's age is the time it waited here, in the inbox and in the queue, and what the stages
 * before say that they spent on it: no other machine's clock is believed. Frames wait in their
 * order; when one too many comes, the oldest is answered {@code overloaded}, since it is the least
 * likely to be answered in time. One frame is worked on per turn, so that newer ones are judged
 * between any two. Nothing that a frame holds ends the loop.
 *
 * <p>Where frames wait although one is worked on, the pool joins in, up to {@code concurrency}
 * threads in all, each with an engine of its own on the same network. A frame that comes alone is
 * never handed to another thread. Only engines run side by side; all else is guarded by one lock.
 */
public final class Worker implements Service {
  private static final System.Logger LOG = System.getLogger(Worker.class.getName());

  /** The inbox is drained between any two frames; it only has to hold what comes during one. */
  private static final int INBOX_MESSAGES = 256;

  private static final long INBOX_BYTES = 16L * 1024 * 1024;

  private final Dependencies setup;
  private final Engine engine;
  private final Reply.Author author;
  private final WorkerInfo info;
  private final JobSource jobs;

  /** Present where a strategy has requests shared. */
  private final Optional<Peers> peers;

  private final StatusCodec statusCodec = new StatusCodec();
  private final Inbox inbox = new Inbox(INBOX_MESSAGES, INBOX_BYTES);
  private final Bus bus;
  private final long startedNanos;

  private final ReplyPublisher publisher;
  private final InferencePool pool;

  /** Guards what follows, the job source, the peers and the codecs. */
  private final ReentrantLock lock = new ReentrantLock();

  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final WorkerCounters counters = new WorkerCounters();
  private Optional<String> ended = Optional.empty();
  private int inWork;
  private long healthDueNanos;
  private boolean failing;

  /**
   * What a worker is given besides its engine and its bus.
   *
   * @param settings {@code name}, {@code queue}, {@code concurrency}, {@code healthEvery} and
   *     {@code place} are used
   * @param board that the worker stands for; its replies, counters and self-benchmark are that
   *     board's
   * @param threads for its pool, one each at once, until it is closed
   * @param session a number that no earlier run of this worker had
   * @param version of the software, for people
   */
  public record Dependencies(
      WorkerSettings settings,
      Topics topics,
      RequestRules rules,
      ReplyCodec replyCodec,
      TensorCodec tensorCodec,
      Ticker ticker,
      Clock clock,
      BoardEmulation board,
      Executor threads,
      long session,
      String version) {
    public Dependencies {
      Objects.requireNonNull(settings, "settings");
      Objects.requireNonNull(topics, "topics");
      Objects.requireNonNull(rules, "rules");
      Objects.requireNonNull(replyCodec, "replyCodec");
      Objects.requireNonNull(tensorCodec, "tensorCodec");
      Objects.requireNonNull(ticker, "ticker");
      Objects.requireNonNull(clock, "clock");
      Objects.requireNonNull(board, "board");
      Objects.requireNonNull(threads, "threads");
      Objects.requireNonNull(version, "version");
      if (settings.queue() < 1) {
        throw new IllegalArgumentException(
            "worker.queue is " + settings.queue() + " (allowed: at least 1)");
      }
    }
  }

  private record Waiting(Job job, long arrivedNanos) {}

  public Worker(Dependencies setup, Engine engine, BusFactory buses) {
    this.setup = Objects.requireNonNull(setup, "setup");
    this.engine = Objects.requireNonNull(engine, "engine");
    this.author = author(setup, engine);
    this.info = info();
    this.jobs =
        engine.stage().isFirst()
            ? new JobSource.Frames(setup.topics(), setup.rules())
            : new JobSource.StageTensors(
                setup.topics(), setup.tensorCodec(), engine.stage().index(), author.modelDigest());
    this.peers =
        info.assignment().strategy().isShared()
            ? Optional.of(new Peers(setup.topics(), info))
            : Optional.empty();
    this.startedNanos = setup.ticker().nanos();
    this.healthDueNanos = startedNanos;
    this.bus = buses.open(session(), inbox);
    this.publisher = new ReplyPublisher(setup, author, engine.stage(), bus, counters);
    this.pool =
        InferencePool.start(
            setup.settings().concurrency() - 1, setup.threads(), engine::another, this::workOnOne);
  }

  /** Drain the inbox, answer one frame, say how things are. */
  @Override
  public long runOnce() throws ServiceEndedException {
    boolean unused = workOnOne(engine);
    lock.lock();
    try {
      if (ended.isPresent()) {
        throw new ServiceEndedException(ended.get());
      }
      long now = setup.ticker().nanos();
      if (now - healthDueNanos >= 0) {
        publishHealth(now);
      }
      long untilIdle = pool.dismissIdle(now);
      return queue.isEmpty() ? Math.max(0, Math.min(healthDueNanos - now, untilIdle)) : 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there was a frame to work on. */
  private boolean workOnOne(Engine with) {
    Optional<Waiting> next = next();
    next.ifPresent(waiting -> answer(waiting, with));
    return next.isPresent();
  }

  /** Drains the inbox and takes the next frame; calls for help where it is not the last. */
  private Optional<Waiting> next() {
    lock.lock();
    try {
      drain();
      Waiting next = queue.pollFirst();
      if (next == null) {
        return Optional.empty();
      }
      inWork++;
      if (!queue.isEmpty()) {
        pool.call(setup.ticker().nanos());
      }
      return Optional.of(next);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public void close() {
    pool.close(); // first: their engines are of the one that is about to be closed
    bus.close();
  }

  private void drain() {
    for (Optional<BusEvent> event = inbox.poll(); event.isPresent(); event = inbox.poll()) {
      if (event.get() instanceof BusEvent.Delivered delivered) {
        Address address = setup.topics().parse(delivered.message().topic());
        if (peers.isPresent() && address instanceof Address.Status status) {
          peers.get().hear(status, delivered.message());
        } else {
          admit(address, delivered);
        }
      } else if (event.get() instanceof BusEvent.Connected) {
        peers.ifPresent(Peers::forget);
      } else if (event.get() instanceof BusEvent.Subscribed) {
        healthDueNanos = setup.ticker().nanos(); // a broker in memory has forgotten it
        inbox.wake(); // this may be a helper's thread, and the turn is another's
      } else if (event.get() instanceof BusEvent.Ended over) {
        ended = Optional.of(over.reason());
        inbox.wake();
      }
    }
  }

  private void admit(Address address, BusEvent.Delivered delivered) {
    counters.received();
    Judgement<Job> judgement = jobs.judge(address, delivered.message());
    if (judgement instanceof Judgement.Accepted<Job> accepted) {
      if (peers.isPresent() && !peers.get().isOurs(accepted.value().key())) {
        counters.ignored(IgnoredReason.NOT_OURS);
        return;
      }
      queue.addLast(new Waiting(accepted.value(), delivered.arrivedNanos()));
      if (queue.size() > setup.settings().queue()) {
        Waiting oldest = queue.removeFirst();
        fail(oldest.job(), ReplyError.OVERLOADED, oldest.job().before().plus(0, ageNanos(oldest)));
      }
    } else if (judgement instanceof Judgement.Bad<Job>) {
      counters.badRequest();
    } else if (judgement instanceof Judgement.Ignored<Job> ignored) {
      ignore(ignored.reason(), delivered.message().topic());
    }
  }

  private void ignore(IgnoredReason reason, String topic) {
    if (counters.ignored(reason) == 1 && reason == IgnoredReason.INVALID_NAME) {
      LOG.log(
          Level.WARNING,
          "Ignored a message on ''{0}'': not a valid camera name; further ones are only counted",
          shown(topic));
    }
  }

  /** Anybody may have chosen it: one line, and not a long one. */
  private static String shown(String topic) {
    String line = topic.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 120 ? line : line.substring(0, 120) + "...";
  }

  private void answer(Waiting waiting, Engine with) {
    Job job = waiting.job();
    long ageNanos = ageNanos(waiting);
    if (job.before().nanos() + ageNanos - job.budgetMillis() * 1_000_000L > 0) {
      tell(() -> fail(job, ReplyError.EXPIRED, job.before().plus(0, ageNanos)));
      return;
    }
    long start = setup.ticker().nanos();
    Engine.Output output;
    try {
      output = run(job.input(), with);
    } catch (ImageRejectedException e) {
      LOG.log(Level.DEBUG, "Request {0}: {1}", job.key(), e.getMessage());
      tell(() -> fail(job, e.error(), spent(job, start, ageNanos)));
      return;
    } catch (RuntimeException e) {
      tell(
          () -> {
            LOG.log(failing ? Level.DEBUG : Level.WARNING, "Inference failed", e);
            failing = true;
            fail(job, ReplyError.INTERNAL, spent(job, start, ageNanos));
          });
      return;
    }
    tell(() -> succeed(job, output, spent(job, start, ageNanos)));
  }

  /** The end of one frame's work, which all threads come to one by one. */
  private void tell(Runnable outcome) {
    lock.lock();
    try {
      inWork--;
      outcome.run();
    } finally {
      lock.unlock();
    }
  }

  private void succeed(Job job, Engine.Output output, Spent spent) {
    failing = false;
    counters.answered(
        spent.queueMicros() - job.before().queueMicros(),
        spent.inferenceMicros() - job.before().inferenceMicros());
    if (output instanceof Engine.Output.Answer answer) {
      publisher.reply(job, new Reply.Outcome.TopK(answer.probabilities().topK(job.k())), spent);
    } else if (output instanceof Engine.Output.Handed handed) {
      publisher.handOver(job, handed.tensor(), spent);
    }
  }

  private Engine.Output run(Engine.Input input, Engine with) throws ImageRejectedException {
    long begun = setup.board().beginWork();
    try {
      return with.run(input);
    } finally {
      setup.board().endWork(begun);
    }
  }

  private Spent spent(Job job, long startNanos, long ageNanos) {
    return job.before().plus(setup.ticker().nanos() - startNanos, ageNanos);
  }

  private long ageNanos(Waiting waiting) {
    return setup.ticker().nanos() - waiting.arrivedNanos();
  }

  private void fail(Job job, ReplyError error, Spent spent) {
    counters.failed(error);
    publisher.reply(job, new Reply.Outcome.Failed(error), spent);
  }

  /** Without a connection it is not queued: what is told after a reconnect is told anew. */
  private void publishHealth(long now) {
    healthDueNanos = now + setup.settings().healthEvery().toNanos();
    if (bus.isConnected()) {
      Health health =
          new Health(
              setup.clock().instant(),
              (now - startedNanos) / 1_000_000_000L,
              counters.snapshot(queue.size() + inWork, inbox.dropped()));
      publisher.publish(Message.retained(status(StatusKind.HEALTH), statusCodec.encode(health)));
    }
  }

  private Session session() {
    String availability = status(StatusKind.AVAILABILITY);
    List<Subscription> subscriptions = new ArrayList<>();
    // First, so that the peers are known before the first job.
    peers.ifPresent(known -> subscriptions.addAll(known.subscriptions()));
    subscriptions.add(Subscription.live(jobs.filter()));
    return new Session(
        "chorale-" + Role.WORKER.label() + "-" + author.worker(),
        subscriptions,
        Optional.of(Message.retained(availability, StatusCodec.OFFLINE)),
        List.of(
            Message.retained(status(StatusKind.INFO), statusCodec.encode(info)),
            Message.retained(availability, StatusCodec.ONLINE)));
  }

  private WorkerInfo info() {
    return new WorkerInfo(
        author,
        engine.modelSet().name(),
        engine.modelSet().classes(),
        setup.board().factor() * engine.selfBenchmarkMillis(),
        setup.board().factor(),
        engine.modelSet().calibrationOf(author.variant()),
        new Assignment(setup.settings().place().strategy(), engine.stage()),
        setup.version());
  }

  private String status(StatusKind kind) {
    return setup.topics().status(Role.WORKER, author.worker(), kind);
  }

  private static Reply.Author author(Dependencies setup, Engine engine) {
    return new Reply.Author(
        engine.manifest().id(),
        setup.settings().name(),
        setup.session(),
        engine.manifest().alpha(),
        engine.manifest().inputSize(),
        engine.manifest().classCount(),
        Digests.prefix(engine.modelSet().classDigest()),
        Digests.prefix(engine.manifest().sha256()));
  }
}
