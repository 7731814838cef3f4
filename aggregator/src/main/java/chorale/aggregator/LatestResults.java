package chorale.aggregator;

import chorale.protocol.Result;
import chorale.protocol.Result.Origin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The newest result of each camera, whoever published it: for the sequence numbers of the next, and
 * to replace an older one that the broker has kept. Of the {@value #MAX_CAMERAS} cameras that were
 * active last; of others the broker is to keep nothing either, so that a sender that makes up names
 * does not fill it. Owned by the aggregator's thread.
 */
final class LatestResults {
  static final int MAX_CAMERAS = 4_096;

  private final Consumer<String> forgotten;
  private final Map<String, Newest> cameras = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param forgotten gets each camera that is too many
   */
  LatestResults(Consumer<String> forgotten) {
    this.forgotten = forgotten;
  }

  /**
   * @param origin of the newest result
   * @param answer the newest result that has one, which the broker is to keep
   */
  private record Newest(Origin origin, Optional<Result> answer) {}

  /** The sequence number of a camera's next result. */
  long next(String camera) {
    Newest newest = cameras.get(camera);
    return newest == null ? 1 : newest.origin().seq() + 1;
  }

  /**
   * A result was published, here or by another.
   *
   * @return a newer one, which the broker is to keep in its place
   */
  Optional<Result> published(Result result) {
    Newest newest = cameras.get(result.camera());
    boolean isNewer = newest == null || result.origin().compareTo(newest.origin()) > 0;
    Optional<Result> kept = newest == null ? Optional.empty() : newest.answer();
    boolean isNewerAnswer =
        result.answer().isPresent()
            && kept.map(each -> result.origin().compareTo(each.origin()) > 0).orElse(true);
    cameras.put(
        result.camera(),
        new Newest(
            isNewer ? result.origin() : newest.origin(),
            isNewerAnswer ? Optional.of(result) : kept));
    if (cameras.size() > MAX_CAMERAS) {
      String eldest = cameras.keySet().iterator().next();
      cameras.remove(eldest);
      forgotten.accept(eldest);
    }
    return result.answer().isPresent()
        ? kept.filter(each -> each.origin().compareTo(result.origin()) > 0)
        : Optional.empty();
  }
}
