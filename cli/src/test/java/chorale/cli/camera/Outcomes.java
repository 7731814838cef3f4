package chorale.cli.camera;

import chorale.protocol.Failure;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Answer;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Status;
import chorale.publisher.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Results and outcomes for tests: two votes, one variant offline, one that failed. */
final class Outcomes {
  private static final Failure BAD_IMAGE =
      Failure.of(ReplyError.BAD_IMAGE, "a JPEG without a header");

  private Outcomes() {}

  static Result partial(String name) {
    return of(Status.PARTIAL, name);
  }

  static Result of(Status status, String name) {
    return new Result(
        new RequestKey(1, 2),
        "gate",
        Instant.parse("2026-03-01T10:20:30.456Z"),
        status,
        Optional.empty(),
        Optional.of(
            new Answer(
                name, 3, 0.934, 0.8, List.of(), "scaled-sum", 0, List.of(), Optional.empty())),
        DecidedBy.DEADLINE,
        List.of(
            new Answered("demo-V2", "V2", name, 0.9, 2.5, 4),
            new Answered("demo-V1", "V1", "dog", 0.6, 1.5, 3)),
        List.of(
            new Missing(
                "V4", MissingReason.ERROR, Optional.of(Failure.of(ReplyError.OVERLOADED, ""))),
            new Missing("V3", MissingReason.OFFLINE, Optional.empty())),
        List.of(),
        1000.04,
        1000,
        Optional.empty(),
        Optional.empty(),
        new Result.Origin("main", 7),
        false);
  }

  /** Returns a result of all five variants that withstands two liars. */
  static Result decidedByAll(String name) {
    return answered(name, DecidedBy.ALL, 2, "V1", "V2", "V3", "V4", "V5");
  }

  static Result decidedByTwoOfFive(String name) {
    return answered(name, DecidedBy.BOUND, 0, "V1", "V2");
  }

  /** Returns a result of these variants, out of V1 to V5. */
  private static Result answered(String name, DecidedBy by, int withstands, String... variants) {
    List<String> voted = List.of(variants);
    return new Result(
        new RequestKey(1, 2),
        "gate",
        Instant.parse("2026-03-01T10:20:30.456Z"),
        Status.ANSWERED,
        Optional.empty(),
        Optional.of(
            new Answer(
                name,
                3,
                0.934,
                0.8,
                List.of(),
                "scaled-sum",
                withstands,
                List.of(),
                Optional.empty())),
        by,
        voted.stream().map(id -> new Answered("demo-" + id, id, name, 0.9, 2.5, 4)).toList(),
        Stream.of("V1", "V2", "V3", "V4", "V5")
            .filter(id -> !voted.contains(id))
            .map(id -> new Missing(id, MissingReason.NOT_NEEDED, Optional.empty()))
            .toList(),
        List.of(),
        1000.04,
        1000,
        Optional.empty(),
        Optional.empty(),
        new Result.Origin("main", 7),
        false);
  }

  static Result noAnswer() {
    return new Result(
        new RequestKey(1, 2),
        "gate",
        Instant.parse("2026-03-01T10:20:30.456Z"),
        Status.NO_ANSWER,
        Optional.of(BAD_IMAGE),
        Optional.empty(),
        DecidedBy.ALL,
        List.of(),
        List.of(new Missing("V1", MissingReason.ERROR, Optional.of(BAD_IMAGE))),
        List.of(),
        3.2,
        1000,
        Optional.empty(),
        Optional.empty(),
        new Result.Origin("main", 7),
        false);
  }

  static Outcome of(String image, String label, Optional<Result> result) {
    return new Outcome(
        image,
        label.isEmpty() ? Optional.empty() : Optional.of(label),
        result,
        12_340_000,
        result.isEmpty() ? 3 : 1);
  }
}
