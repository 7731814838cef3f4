package chorale.dashboard;

import chorale.protocol.AggregatorInfo;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Failure;
import chorale.protocol.Health;
import chorale.protocol.Message;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Answer;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Origin;
import chorale.protocol.Result.Scored;
import chorale.protocol.Result.Status;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Messages of a site's services, for tests. */
public final class SiteMessages {
  public static final Topics TOPICS = new Topics("home");
  public static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private static final StatusCodec STATUS = new StatusCodec();
  private static final ResultCodec RESULTS = new ResultCodec();

  private SiteMessages() {}

  /** Returns a result with equal votes of V1 and V2. */
  public static Result result(String camera, long seq, Instant ts) {
    return result(
        camera,
        seq,
        ts,
        Status.ANSWERED,
        "cat",
        0.93,
        List.of(vote("V1", "cat", 0.91), vote("V2", "cat", 0.88)),
        List.of());
  }

  public static Result result(
      String camera,
      long seq,
      Instant ts,
      Status status,
      String name,
      double confidence,
      List<Answered> votes,
      List<Missing> missing) {
    return new Result(
        new RequestKey(camera.hashCode(), seq),
        camera,
        ts,
        status,
        status == Status.NO_ANSWER
            ? Optional.of(new Failure("damaged", "image data ends at row 61 of 128"))
            : Optional.empty(),
        status == Status.NO_ANSWER ? Optional.empty() : Optional.of(answer(name, confidence)),
        missing.stream().anyMatch(each -> each.reason() == MissingReason.NOT_NEEDED)
            ? DecidedBy.BOUND
            : missing.isEmpty() ? DecidedBy.ALL : DecidedBy.DEADLINE,
        votes,
        missing,
        List.of(),
        18 + 9 * Math.abs(Math.sin(seq * 0.7)) + (seq % 41 == 0 ? 30 : seq % 7),
        1000,
        Optional.empty(),
        Optional.empty(),
        new Origin("hub", seq),
        false);
  }

  /** Returns the result of an image tried as camera wall. */
  public static Result answerTo(RequestKey key, List<Answered> votes) {
    Result like = result("wall", 1, Instant.now(), Status.ANSWERED, "deer", 0.94, votes, List.of());
    return new Result(
        key,
        like.camera(),
        like.ts(),
        like.status(),
        like.error(),
        like.answer(),
        like.decidedBy(),
        like.answered(),
        like.missing(),
        List.of(),
        9.6,
        5000,
        like.capturedAt(),
        like.responseTopicRefused(),
        like.origin(),
        false);
  }

  private static Answer answer(String name, double confidence) {
    return new Answer(
        name,
        0,
        confidence,
        confidence,
        List.of(new Scored(name, 0, confidence), new Scored("other", 1, 1 - confidence)),
        "scaled-sum",
        0,
        List.of(),
        Optional.empty());
  }

  public static Answered vote(String variant, String name, double probability) {
    double millis = 3.1 + 4.6 * (variant.charAt(variant.length() - 1) - '1');
    return new Answered("pi-" + variant, variant, name, probability, millis, millis + 4);
  }

  public static Missing missing(String variant, MissingReason reason) {
    return new Missing(
        variant,
        reason,
        reason == MissingReason.ERROR
            ? Optional.of(new Failure("overloaded", "12 frames wait"))
            : Optional.empty());
  }

  public static Message kept(Result result) {
    return Message.retained(TOPICS.result(result.camera()), RESULTS.encode(result));
  }

  public static Message live(Result result) {
    return Message.of(TOPICS.result(result.camera()), RESULTS.encode(result));
  }

  /** Returns the messages of a board at its start. */
  public static List<Message> board(String name, String variant, int number) {
    long digest = Digests.prefix(Digests.ofClasses(CLASSES));
    WorkerInfo info =
        new WorkerInfo(
            new Reply.Author(
                variant,
                name,
                7,
                0.35,
                64 + 32 * number,
                CLASSES.size(),
                digest,
                0x5a81_92fe_0101_3c77L * (number + 1)),
            "cifar10",
            CLASSES,
            1.25,
            1,
            new Calibration(List.of(0.25, 0.75), List.of(0.5, 0.875)),
            Assignment.VARIANT,
            ReplyCodec.SCHEMA,
            "0.1.0");
    return List.of(
        status(Role.WORKER, name, StatusKind.INFO, STATUS.encode(info)),
        status(Role.WORKER, name, StatusKind.AVAILABILITY, StatusCodec.ONLINE));
  }

  public static Message offline(Role role, String name) {
    return status(role, name, StatusKind.AVAILABILITY, StatusCodec.OFFLINE);
  }

  public static List<Message> aggregator(String name, AggregatorInfo.State state) {
    AggregatorInfo info =
        new AggregatorInfo(name, 9, state, false, 0, 0, "scaled-sum", 1000, 0, 0, "0.1.0");
    return List.of(
        status(Role.AGGREGATOR, name, StatusKind.INFO, STATUS.encode(info)),
        status(Role.AGGREGATOR, name, StatusKind.AVAILABILITY, StatusCodec.ONLINE));
  }

  public static Message health(Role role, String name, Instant ts, Map<String, Long> counters) {
    Health health = new Health(ts, 5_400, new TreeMap<>(counters));
    return status(role, name, StatusKind.HEALTH, STATUS.encode(health));
  }

  public static Message status(Role role, String name, StatusKind kind, Bytes payload) {
    return Message.retained(TOPICS.status(role, name, kind), payload);
  }

  /** Returns the messages of {@code count} boards and two aggregators. */
  public static List<Message> fleet(int count, Instant ts) {
    List<Message> all = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String variant = "V" + ((i - 1) % 5 + 1);
      String name = i <= 5 ? "pi-" + variant : "pi-" + variant + '-' + i;
      all.addAll(board(name, variant, i % 6));
      all.add(
          health(
              Role.WORKER,
              name,
              ts,
              Map.of(
                  "answered",
                  41_000L + 17L * i,
                  "inference_micros_total",
                  (41_000L + 17L * i) * (4_000L + 2_500L * (i % 5)),
                  "inbox_dropped",
                  (long) (i == 4 ? 12 : 0),
                  "resident_bytes",
                  148_000_000L + 3_000_000L * i)));
    }
    for (String name : List.of("attic", "hub")) {
      all.addAll(aggregator(name, AggregatorInfo.State.READY));
      all.add(health(Role.AGGREGATOR, name, ts, Map.of("late", 3L, "inbox_dropped", 0L)));
    }
    return all;
  }
}
