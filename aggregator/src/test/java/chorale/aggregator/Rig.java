package chorale.aggregator;

import chorale.config.AggregatorSettings;
import chorale.config.Escalate;
import chorale.config.ReplyKeys;
import chorale.protocol.AggregatorInfo;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Failure;
import chorale.protocol.Fusion;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Ranked;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Author;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.ReplyCodec;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.ServiceEndedException;
import chorale.variants.ModelSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An aggregator on the in-memory broker, on a clock that the test controls, with workers whose
 * messages the test publishes. Time starts just below the overflow of the ticker, so that every
 * test fails unless times are compared by subtraction.
 */
final class Rig {
  static final Topics TOPICS = new Topics("home");
  static final String CAMERA = "gate";
  static final long MILLI = 1_000_000L;
  static final List<String> CLASSES = List.of("bird", "cat", "deer", "dog", "frog");
  static final Calibration CALIBRATION = new Calibration(List.of(0.0, 1.0), List.of(0.0, 0.5));
  static final AggregatorSettings SETTINGS =
      new AggregatorSettings(
          "main",
          Fusion.SCALED_SUM,
          Duration.ofMillis(100),
          2,
          0,
          true,
          0,
          Duration.ofMinutes(1),
          Escalate.SET,
          0,
          0,
          2,
          1000,
          100,
          List.of("answers/"),
          Duration.ofSeconds(10),
          Strategy.VARIANT,
          Optional.empty());

  /** Rules for a single aggregator, on a clock that jumps. */
  static final GroupRules ALONE =
      new GroupRules(
          Duration.ZERO,
          GroupRules.STANDARD.letGo(),
          GroupRules.STANDARD.take(),
          GroupRules.STANDARD.afterLoss(),
          GroupRules.STANDARD.slot(),
          GroupRules.STANDARD.late(),
          Duration.ofHours(1),
          GroupRules.STANDARD.earlyResult(),
          GroupRules.STANDARD.misses(),
          GroupRules.STANDARD.longestJoin(),
          GroupRules.STANDARD.longestLeave());

  private static final int[] SIZES = {96, 128, 160, 192, 224};

  long nanos = Long.MAX_VALUE - 50 * MILLI;
  final MemoryBroker broker = new MemoryBroker(() -> nanos);
  final ReplyCodec replies = new ReplyCodec();
  final Aggregator aggregator;
  private final StatusCodec status = new StatusCodec();
  private final ResultCodec results = new ResultCodec();

  Rig() {
    this(SETTINGS);
  }

  Rig(AggregatorSettings settings) {
    this(settings, Optional.empty());
  }

  /** With an aggregator that accepts only replies signed with these keys. */
  Rig(AggregatorSettings settings, Optional<ReplyKeys> keys) {
    this.aggregator = aggregator(settings, ALONE, Optional.empty(), keys);
  }

  /** With an aggregator with a configured model set. */
  Rig(ModelSet models) {
    this.aggregator = aggregator(SETTINGS, ALONE, Optional.of(models), Optional.empty());
  }

  private Rig(Aggregator elsewhere) {
    this.aggregator = elsewhere;
  }

  /** With a broker for the test's own aggregators; {@link #aggregator} is on another broker. */
  static Rig ofGroup() {
    return new Rig(new Rig().aggregator);
  }

  /** Creates another aggregator on the same broker. */
  Aggregator aggregator(AggregatorSettings settings, GroupRules rules) {
    return aggregator(settings, rules, Optional.empty(), Optional.empty());
  }

  private Aggregator aggregator(
      AggregatorSettings settings,
      GroupRules rules,
      Optional<ModelSet> models,
      Optional<ReplyKeys> keys) {
    return new Aggregator(
        settings,
        TOPICS,
        new Aggregator.Dependencies(
            broker.factory(),
            keys,
            models,
            () -> nanos,
            Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC),
            7,
            "0.1.0",
            counters -> {}),
        rules);
  }

  /** Returns the same result as published by another aggregator. */
  static Result with(Result result, Result.Origin origin) {
    return new Result(
        result.requestId(),
        result.camera(),
        result.ts(),
        result.status(),
        result.error(),
        result.answer(),
        result.decidedBy(),
        result.answered(),
        result.missing(),
        result.quarantined(),
        result.latencyMillis(),
        result.deadlineMillis(),
        result.capturedAt(),
        result.responseTopicRefused(),
        origin,
        result.repeated());
  }

  static AggregatorSettings settings(String name, int quorum, boolean bound, int openWindows) {
    return new AggregatorSettings(
        name,
        SETTINGS.fusion(),
        SETTINGS.deadline(),
        SETTINGS.k(),
        quorum,
        bound,
        SETTINGS.withstand(),
        SETTINGS.checkEvery(),
        SETTINGS.escalate(),
        SETTINGS.minConfidence(),
        SETTINGS.minMargin(),
        SETTINGS.steady(),
        openWindows,
        SETTINGS.remembered(),
        SETTINGS.responsePrefixes(),
        SETTINGS.healthEvery(),
        SETTINGS.strategy(),
        SETTINGS.models());
  }

  /** Settings with the bound and this number of assumed liars. */
  static AggregatorSettings withstanding(int liars) {
    return withstanding("main", liars);
  }

  static AggregatorSettings withstanding(String name, int liars) {
    return new AggregatorSettings(
        name,
        SETTINGS.fusion(),
        SETTINGS.deadline(),
        SETTINGS.k(),
        SETTINGS.quorum(),
        true,
        liars,
        SETTINGS.checkEvery(),
        SETTINGS.escalate(),
        SETTINGS.minConfidence(),
        SETTINGS.minMargin(),
        SETTINGS.steady(),
        SETTINGS.openWindows(),
        SETTINGS.remembered(),
        SETTINGS.responsePrefixes(),
        SETTINGS.healthEvery(),
        SETTINGS.strategy(),
        SETTINGS.models());
  }

  static AggregatorSettings settings(Strategy strategy) {
    return new AggregatorSettings(
        "main",
        SETTINGS.fusion(),
        SETTINGS.deadline(),
        SETTINGS.k(),
        0,
        true,
        SETTINGS.withstand(),
        SETTINGS.checkEvery(),
        SETTINGS.escalate(),
        SETTINGS.minConfidence(),
        SETTINGS.minMargin(),
        SETTINGS.steady(),
        1000,
        SETTINGS.remembered(),
        SETTINGS.responsePrefixes(),
        SETTINGS.healthEvery(),
        strategy,
        SETTINGS.models());
  }

  static AggregatorSettings unsure(
      double minConfidence, double minMargin, int steady, boolean bound) {
    return new AggregatorSettings(
        "main",
        SETTINGS.fusion(),
        SETTINGS.deadline(),
        SETTINGS.k(),
        0,
        bound,
        SETTINGS.withstand(),
        SETTINGS.checkEvery(),
        SETTINGS.escalate(),
        minConfidence,
        minMargin,
        steady,
        1000,
        SETTINGS.remembered(),
        SETTINGS.responsePrefixes(),
        SETTINGS.healthEvery(),
        SETTINGS.strategy(),
        SETTINGS.models());
  }

  /** Without early decisions: windows close when all have voted. */
  static AggregatorSettings patient() {
    return settings("main", 0, false, 1000);
  }

  long turn() {
    try {
      return aggregator.runOnce();
    } catch (ServiceEndedException e) {
      throw new AssertionError(e);
    }
  }

  Rig after(long moreNanos) {
    nanos += moreNanos;
    return this;
  }

  // ---- workers

  static String variant(int number) {
    return "V" + number;
  }

  static String worker(int number) {
    return "board" + number;
  }

  static Author author(String variant, String worker) {
    int size = SIZES[Math.floorMod(variant.charAt(1) - '1', SIZES.length)];
    return author(variant, worker, 0.35, size, CLASSES);
  }

  /** Announces V1 on board1 and so on, all online. */
  Rig fleet(int workers) {
    for (int i = 1; i <= workers; i++) {
      worker(variant(i), worker(i));
    }
    turn();
    return this;
  }

  void worker(String variant, String worker) {
    worker(variant, worker, Assignment.VARIANT);
  }

  void worker(String variant, String worker, Assignment part) {
    broker.publish(infoOf(variant, worker, part));
    availability(worker, true);
  }

  void info(String variant, String worker) {
    broker.publish(infoOf(variant, worker));
  }

  Message infoOf(String variant, String worker) {
    return infoOf(variant, worker, Assignment.VARIANT);
  }

  Message infoOf(String variant, String worker, Assignment part) {
    return infoOf(variant, worker, part, ReplyCodec.SCHEMA);
  }

  Message infoOf(String variant, String worker, Assignment part, int schema) {
    return infoOf(author(variant, worker), CLASSES, part, schema);
  }

  private Message infoOf(Author author, List<String> classes, Assignment part, int schema) {
    WorkerInfo info =
        new WorkerInfo(author, "animals", classes, 1, 1, CALIBRATION, part, schema, "dev");
    return Message.retained(
        TOPICS.status(Role.WORKER, author.worker(), StatusKind.INFO), status.encode(info));
  }

  /** Returns the author of any network over any classes. */
  static Author author(
      String variant, String worker, double alpha, int input, List<String> classes) {
    long digest = Digests.prefix(Digests.ofClasses(classes));
    return new Author(variant, worker, 1, alpha, input, classes.size(), digest, 99);
  }

  /** Announces an online worker with that network. */
  void worker(Author author, List<String> classes) {
    announce(author, classes);
    availability(author.worker(), true);
  }

  void worker(Author author, List<String> classes, Assignment part) {
    broker.publish(infoOf(author, classes, part, ReplyCodec.SCHEMA));
    availability(author.worker(), true);
  }

  void announce(Author author, List<String> classes) {
    broker.publish(infoOf(author, classes, Assignment.VARIANT, ReplyCodec.SCHEMA));
  }

  Message infoOf(AggregatorInfo info) {
    return Message.retained(
        TOPICS.status(Role.AGGREGATOR, info.name(), StatusKind.INFO), status.encode(info));
  }

  void availability(String worker, boolean online) {
    broker.publish(availabilityOf(Role.WORKER, worker, online));
  }

  static Message availabilityOf(Role role, String name, boolean online) {
    return Message.retained(
        TOPICS.status(role, name, StatusKind.AVAILABILITY),
        online ? StatusCodec.ONLINE : StatusCodec.OFFLINE);
  }

  /** Delivers a message directly to the inbox, with its retain flag. */
  void deliver(Message message) {
    aggregator.inbox().offer(new BusEvent.Delivered(message, nanos));
  }

  // ---- frames

  static Bytes image(String content) {
    return Bytes.utf8(content);
  }

  static RequestKey key(String content) {
    return RequestKey.of(CAMERA, Optional.empty(), image(content));
  }

  static RequestKey key(String content, String correlation) {
    return RequestKey.of(CAMERA, Optional.of(Bytes.utf8(correlation)), image(content));
  }

  /** Publishes a bare frame, without properties. */
  RequestKey frame(String content) {
    frame(content, MessageProperties.NONE);
    return key(content);
  }

  RequestKey frame(String content, String correlation) {
    frame(content, MessageProperties.NONE.withCorrelation(Optional.of(Bytes.utf8(correlation))));
    return key(content, correlation);
  }

  void frame(String content, MessageProperties properties) {
    broker.publish(Message.of(TOPICS.image(CAMERA), image(content)).with(properties));
  }

  // ---- replies

  static Outcome topk(Object... ranked) {
    List<Ranked> classes = new ArrayList<>();
    for (int i = 0; i < ranked.length; i += 2) {
      classes.add(new Ranked((int) ranked[i], (double) ranked[i + 1]));
    }
    return new Outcome.TopK(classes);
  }

  static Outcome error(ReplyError error) {
    return Failure.of(error, "detail of " + error.code());
  }

  void reply(RequestKey key, int number, Outcome outcome) {
    reply(key, author(variant(number), worker(number)), outcome);
  }

  void reply(RequestKey key, Author author, Outcome outcome) {
    reply(key, author, outcome, replies);
  }

  void reply(RequestKey key, Author author, Outcome outcome, ReplyCodec codec) {
    Reply reply = new Reply(key, CAMERA, author, outcome, 1500, 20);
    broker.publish(
        Message.of(TOPICS.reply(CAMERA, author.variant(), author.worker()), codec.encode(reply)));
  }

  /** Publishes a frame of any camera, and the vote of V1. */
  void frameAndReply(String camera, String content, Outcome outcome) {
    broker.publish(Message.of(TOPICS.image(camera), image(content)));
    RequestKey key = RequestKey.of(camera, Optional.empty(), image(content));
    Author author = author(variant(1), worker(1));
    broker.publish(
        Message.of(
            TOPICS.reply(camera, author.variant(), author.worker()),
            replies.encode(new Reply(key, camera, author, outcome, 1500, 20))));
  }

  // ---- results

  List<Result> results() {
    return results(TOPICS.result(CAMERA));
  }

  List<Result> results(String topic) {
    List<Result> all = new ArrayList<>();
    for (Message message : broker.published(topic)) {
      try {
        all.add(results.decode(message.payload()));
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
    return all;
  }

  /** Returns the only result so far. */
  Result result() {
    List<Result> all = results();
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " results instead of one: " + all);
    }
    return all.get(0);
  }

  long count(String counter) {
    return aggregator.counters().get(counter);
  }
}
