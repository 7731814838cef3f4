package chorale.worker;

import chorale.config.WorkerSettings;
import chorale.imaging.ImageRejectedException;
import chorale.protocol.Bytes;
import chorale.protocol.Digests;
import chorale.protocol.Health;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.ReplyError;
import chorale.protocol.Request;
import chorale.protocol.RequestRules;
import chorale.protocol.RequestRules.Judgement;
import chorale.protocol.RequestRules.Reason;
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
import chorale.protocol.bus.Message;
import chorale.protocol.bus.MessageProperties;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One variant on the bus: hears every camera's frames and answers each with its top-k or with an
 * error reply. Owned by the thread that calls {@link #runOnce}; so is the classifier it is handed,
 * which it does not close.
 *
 * <p>A frame's age is the time it waited here, in the inbox and in the queue, and nothing else: no
 * other machine's clock is believed. Frames wait in their order; when one too many comes, the
 * oldest is answered {@code overloaded}, since it is the least likely to be answered in time. One
 * frame is worked on per turn, so that newer ones are judged between any two. Nothing that a frame
 * holds ends the loop.
 */
public final class Worker implements Service {
  private static final System.Logger LOG = System.getLogger(Worker.class.getName());

  /** The inbox is drained between any two frames; it only has to hold what comes during one. */
  private static final int INBOX_MESSAGES = 256;

  private static final long INBOX_BYTES = 16L * 1024 * 1024;

  private final Setup setup;
  private final Classifier classifier;
  private final Reply.Author author;
  private final StatusCodec statusCodec = new StatusCodec();
  private final Inbox inbox = new Inbox(INBOX_MESSAGES, INBOX_BYTES);
  private final Bus bus;
  private final long startedNanos;

  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final WorkerCounters counters = new WorkerCounters();
  private long healthDueNanos;
  private boolean failing;

  /**
   * What a worker is given besides its classifier and its bus.
   *
   * @param settings {@code name}, {@code queue} and {@code healthEvery} are used here
   * @param board that the worker stands for; its replies, counters and self-benchmark are that
   *     board's
   * @param session a number that no earlier run of this worker had
   * @param version of the software, for people
   */
  public record Setup(
      WorkerSettings settings,
      Topics topics,
      RequestRules rules,
      ReplyCodec replyCodec,
      Ticker ticker,
      Clock clock,
      BoardEmulation board,
      long session,
      String version) {
    public Setup {
      Objects.requireNonNull(settings, "settings");
      Objects.requireNonNull(topics, "topics");
      Objects.requireNonNull(rules, "rules");
      Objects.requireNonNull(replyCodec, "replyCodec");
      Objects.requireNonNull(ticker, "ticker");
      Objects.requireNonNull(clock, "clock");
      Objects.requireNonNull(board, "board");
      Objects.requireNonNull(version, "version");
      if (settings.queue() < 1) {
        throw new IllegalArgumentException(
            "worker.queue is " + settings.queue() + " (allowed: at least 1)");
      }
    }
  }

  private record Waiting(Request request, long arrivedNanos) {}

  public Worker(Setup setup, Classifier classifier, BusFactory buses) {
    this.setup = Objects.requireNonNull(setup, "setup");
    this.classifier = Objects.requireNonNull(classifier, "classifier");
    this.author = author(setup, classifier);
    this.startedNanos = setup.ticker().nanos();
    this.healthDueNanos = startedNanos;
    this.bus = buses.open(session(), inbox);
  }

  /** Drain the inbox, answer one frame, say how things are. */
  @Override
  public long runOnce() throws ServiceEndedException {
    drain();
    Waiting next = queue.pollFirst();
    if (next != null) {
      answer(next);
    }
    long now = setup.ticker().nanos();
    if (now - healthDueNanos >= 0) {
      publishHealth(now);
    }
    return queue.isEmpty() ? Math.max(0, healthDueNanos - now) : 0;
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public void close() {
    bus.close();
  }

  private void drain() throws ServiceEndedException {
    for (Optional<BusEvent> event = inbox.poll(); event.isPresent(); event = inbox.poll()) {
      if (event.get() instanceof BusEvent.Delivered delivered) {
        admit(delivered);
      } else if (event.get() instanceof BusEvent.Subscribed) {
        healthDueNanos = setup.ticker().nanos(); // a broker in memory has forgotten it
      } else if (event.get() instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException(ended.reason());
      }
    }
  }

  private void admit(BusEvent.Delivered delivered) {
    counters.received();
    Judgement judgement = setup.rules().judge(delivered.message());
    if (judgement instanceof Judgement.Accepted accepted) {
      queue.addLast(new Waiting(accepted.request(), delivered.arrivedNanos()));
      if (queue.size() > setup.settings().queue()) {
        Waiting oldest = queue.removeFirst();
        fail(oldest, ReplyError.OVERLOADED, ageNanos(oldest), 0);
      }
    } else if (judgement instanceof Judgement.Bad) {
      counters.badRequest(); // the aggregator's answer needs no vote
    } else if (judgement instanceof Judgement.Ignored ignored) {
      ignore(ignored.reason(), delivered.message().topic());
    }
  }

  private void ignore(Reason reason, String topic) {
    if (counters.ignored(reason) == 1 && reason == Reason.INVALID_NAME) {
      LOG.log(
          Level.WARNING,
          "Ignored a frame on ''{0}'': not a valid camera name; further ones are only counted",
          shown(topic));
    }
  }

  /** Anybody may have chosen it: one line, and not a long one. */
  private static String shown(String topic) {
    String line = topic.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 120 ? line : line.substring(0, 120) + "...";
  }

  private void answer(Waiting waiting) {
    long ageNanos = ageNanos(waiting);
    Request request = waiting.request();
    if (ageNanos - request.budgetMillis() * 1_000_000L > 0) {
      fail(waiting, ReplyError.EXPIRED, ageNanos, 0);
      return;
    }
    long start = setup.ticker().nanos();
    Classification result;
    try {
      result = classify(request.image());
    } catch (ImageRejectedException e) {
      LOG.log(Level.DEBUG, "Request {0}: {1}", request.key(), e.getMessage());
      fail(waiting, e.error(), ageNanos, setup.ticker().nanos() - start);
      return;
    } catch (RuntimeException e) {
      LOG.log(failing ? Level.DEBUG : Level.WARNING, "Inference failed", e);
      failing = true;
      fail(waiting, ReplyError.INTERNAL, ageNanos, setup.ticker().nanos() - start);
      return;
    }
    failing = false;
    int queueMicros = Classifier.micros(ageNanos);
    int spentMicros = Classifier.micros(setup.ticker().nanos() - start);
    counters.answered(queueMicros, spentMicros);
    Reply.Outcome topk = new Reply.Outcome.TopK(result.probabilities().topK(request.k()));
    send(request, topk, spentMicros, queueMicros);
  }

  private Classification classify(Bytes image) throws ImageRejectedException {
    long begun = setup.board().beginWork();
    try {
      return classifier.classify(image);
    } finally {
      setup.board().endWork(begun);
    }
  }

  private long ageNanos(Waiting waiting) {
    return setup.ticker().nanos() - waiting.arrivedNanos();
  }

  private void fail(Waiting waiting, ReplyError error, long ageNanos, long spentNanos) {
    counters.failed(error);
    send(
        waiting.request(),
        new Reply.Outcome.Failed(error),
        Classifier.micros(spentNanos),
        Classifier.micros(ageNanos));
  }

  private void send(Request request, Reply.Outcome outcome, int inferenceMicros, int queueMicros) {
    Reply reply =
        new Reply(request.key(), request.camera(), author, outcome, inferenceMicros, queueMicros);
    String topic = setup.topics().reply(request.camera(), author.variant(), author.worker());
    int expirySeconds = (request.budgetMillis() + 999) / 1_000;
    publish(
        Message.of(topic, setup.replyCodec().encode(reply))
            .with(MessageProperties.NONE.withExpirySeconds(expirySeconds)));
  }

  private void publish(Message message) {
    bus.publish(message)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                counters.publishFailed();
              }
            });
  }

  /** Without a connection it is not queued: what is told after a reconnect is told anew. */
  private void publishHealth(long now) {
    healthDueNanos = now + setup.settings().healthEvery().toNanos();
    if (bus.isConnected()) {
      Health health =
          new Health(
              setup.clock().instant(),
              (now - startedNanos) / 1_000_000_000L,
              counters.snapshot(queue.size(), inbox.dropped()));
      publish(Message.retained(status(StatusKind.HEALTH), statusCodec.encode(health)));
    }
  }

  private Session session() {
    String availability = status(StatusKind.AVAILABILITY);
    Bytes info = statusCodec.encode(info());
    return new Session(
        "chorale-" + Role.WORKER.label() + "-" + author.worker(),
        List.of(Subscription.live(setup.topics().imageFilter())),
        Optional.of(Message.retained(availability, StatusCodec.OFFLINE)),
        List.of(
            Message.retained(status(StatusKind.INFO), info),
            Message.retained(availability, StatusCodec.ONLINE)));
  }

  private WorkerInfo info() {
    return new WorkerInfo(
        author,
        classifier.modelSet().name(),
        classifier.modelSet().classes(),
        setup.board().factor() * classifier.selfBenchmarkMillis(),
        setup.board().factor(),
        classifier.modelSet().calibration(),
        setup.version());
  }

  private String status(StatusKind kind) {
    return setup.topics().status(Role.WORKER, author.worker(), kind);
  }

  private static Reply.Author author(Setup setup, Classifier classifier) {
    return new Reply.Author(
        classifier.manifest().id(),
        setup.settings().name(),
        setup.session(),
        classifier.manifest().alpha(),
        classifier.manifest().inputSize(),
        classifier.manifest().classCount(),
        Digests.prefix(classifier.modelSet().classDigest()),
        Digests.prefix(classifier.manifest().sha256()));
  }
}
