package chorale.bench;

import chorale.aggregator.Aggregator;
import chorale.config.AggregatorSettings;
import chorale.config.Escalate;
import chorale.config.ReplyKeys;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Fusion;
import chorale.protocol.Message;
import chorale.protocol.Ranked;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Role;
import chorale.protocol.SigningKey;
import chorale.protocol.StatusCodec;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ServiceEndedException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An aggregator without a broker, for micro-benchmarks: makes its frames and replies, and serves as
 * its bus, which keeps the last result. Owned by one thread.
 */
final class MicroSite implements Bus {
  /** The input sizes of the variants, V1 first. */
  static final List<Integer> INPUTS = List.of(96, 128, 160, 192, 224);

  private static final Topics TOPICS = new Topics("home");
  private static final String CAMERA = "gate";
  private static final List<String> CLASSES =
      List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "x");

  private static final StatusCodec STATUS = new StatusCodec();

  /** Settings that decide when all have voted, which is the most work. */
  private static final AggregatorSettings SETTINGS =
      new AggregatorSettings(
          "bench",
          Fusion.SCALED_SUM,
          Duration.ofSeconds(60),
          2,
          0,
          false,
          0,
          Duration.ofMinutes(1),
          Escalate.SET,
          0,
          0,
          0,
          1000,
          1000,
          List.of(),
          Duration.ofDays(1),
          Strategy.VARIANT,
          Optional.empty());

  private static final long TICK_NANOS = 1_000;
  private static final long READY_STEP_NANOS = 100_000_000;

  private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

  private final Aggregator aggregator;
  private Bytes lastResult = Bytes.EMPTY;
  private long results;
  private boolean ready;

  /** A clock that advances at each reading, so that pauses of the benchmark have no effect. */
  private long nanos;

  /**
   * The messages of one request.
   *
   * @param replies the replies of the variants, V1 first
   */
  record Exchange(Message frame, List<Message> replies) {
    static Exchange about(Bytes image, boolean signed) {
      RequestKey key = RequestKey.of(CAMERA, Optional.empty(), image);
      return new Exchange(
          Message.of(TOPICS.image(CAMERA), image),
          IntStream.rangeClosed(1, INPUTS.size())
              .mapToObj(
                  each -> reply(key, each, signed ? new ReplyCodec(key(each)) : new ReplyCodec()))
              .toList());
    }

    private static Message reply(RequestKey key, int variant, ReplyCodec codec) {
      Ranked first = new Ranked(3, .5 + .05 * variant);
      Ranked second = new Ranked(variant + 3, .1);
      Reply.Outcome outcome = new Reply.Outcome.TopK(List.of(first, second));
      Reply.Author author = author(variant);
      String topic = TOPICS.reply(CAMERA, author.variant(), author.worker());
      Reply reply = new Reply(key, CAMERA, author, outcome, 1500, 20);
      return Message.of(topic, codec.encode(reply));
    }
  }

  /** Returns the key of a variant's worker. */
  static SigningKey key(int variant) {
    byte[] secret = new byte[SigningKey.BYTES];
    Arrays.fill(secret, (byte) variant);
    return new SigningKey(Bytes.wrap(secret));
  }

  /**
   * Creates an aggregator with five workers on its roster.
   *
   * @param signed whether the aggregator has their keys and accepts only signed replies
   */
  MicroSite(boolean signed) throws ServiceEndedException {
    aggregator =
        new Aggregator(
            SETTINGS,
            TOPICS,
            new Aggregator.Dependencies(
                (session, inbox) -> this,
                signed ? Optional.of(keys()) : Optional.empty(),
                Optional.empty(),
                () -> nanos += TICK_NANOS,
                Clock.systemUTC(),
                7,
                "bench",
                counters -> {}));
    aggregator.inbox().offer(new BusEvent.Connected());
    aggregator.inbox().offer(new BusEvent.Subscribed());
    for (int variant = 1; variant <= INPUTS.size(); variant++) {
      announce(author(variant));
    }
    while (!ready) {
      var unused = aggregator.runOnce();
      nanos += READY_STEP_NANOS;
    }
  }

  private static ReplyKeys keys() {
    return ReplyKeys.of(
        IntStream.rangeClosed(1, INPUTS.size())
            .boxed()
            .collect(Collectors.toMap(each -> author(each).worker(), MicroSite::key)));
  }

  private static Reply.Author author(int variant) {
    long digest = Digests.prefix(Digests.ofClasses(CLASSES));
    int input = INPUTS.get(variant - 1);
    String worker = "board-" + variant;
    return new Reply.Author("V" + variant, worker, 7, .35, input, CLASSES.size(), digest, 99);
  }

  private void announce(Reply.Author author) {
    Calibration calibration = new Calibration(List.of(0.0, 1.0), List.of(0.0, 1.0));
    WorkerInfo info =
        new WorkerInfo(
            author,
            "animals",
            CLASSES,
            1,
            1,
            calibration,
            Assignment.VARIANT,
            ReplyCodec.SCHEMA,
            "bench");
    announce(author, StatusKind.INFO, STATUS.encode(info));
    announce(author, StatusKind.AVAILABILITY, StatusCodec.ONLINE);
  }

  private void announce(Reply.Author author, StatusKind kind, Bytes status) {
    deliver(Message.retained(TOPICS.status(Role.WORKER, author.worker(), kind), status));
  }

  void deliver(Message message) {
    aggregator.inbox().offer(new BusEvent.Delivered(message, nanos));
  }

  /**
   * Drains the inbox.
   *
   * @throws IllegalStateException the number of results differs, so the benchmark is wrong
   */
  long turn(int expected) throws ServiceEndedException {
    long before = results;
    while (aggregator.inbox().size() > 0) {
      var unused = aggregator.runOnce();
    }
    if (results - before != expected) {
      throw new IllegalStateException((results - before) + " results, not " + expected);
    }
    return results;
  }

  Bytes result(Exchange exchange) throws ServiceEndedException {
    deliver(exchange.frame());
    exchange.replies().forEach(this::deliver);
    var unused = turn(1);
    return lastResult;
  }

  @Override
  public CompletionStage<Void> publish(Message message) {
    if (message.topic().equals(TOPICS.result(CAMERA))) {
      lastResult = message.payload();
      results++;
    }
    ready |= message.payload().equals(StatusCodec.ONLINE);
    return DONE;
  }

  @Override
  public void discardWaiting() {}

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public void close() {}
}
