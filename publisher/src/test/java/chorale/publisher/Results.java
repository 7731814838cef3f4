package chorale.publisher;

import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Answer;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Results for tests. */
final class Results {
  private Results() {}

  static Result answered(RequestKey key, String camera, String name) {
    return of(key, camera, Status.ANSWERED, Optional.of(name));
  }

  static Result noAnswer(RequestKey key, String camera) {
    return of(key, camera, Status.NO_ANSWER, Optional.empty());
  }

  static Result of(RequestKey key, String camera, Status status, Optional<String> name) {
    return new Result(
        key,
        camera,
        Instant.EPOCH,
        status,
        Optional.empty(),
        name.map(
            text ->
                new Answer(
                    text, 3, 0.9, 0.8, List.of(), "scaled-sum", 0, List.of(), Optional.empty())),
        DecidedBy.ALL,
        List.of(),
        List.of(),
        List.of(),
        4.5,
        1000,
        Optional.empty(),
        Optional.empty(),
        new Result.Origin("main", 7),
        false);
  }
}
