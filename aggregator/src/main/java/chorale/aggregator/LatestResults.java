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
   * @param here the last that was published here with an answer
   */
  private record Newest(Origin origin, Optional<Result> answer, Optional<Origin> here) {}

  /** The sequence number of a camera's next result. */
  long next(String camera) {
    Newest newest = cameras.get(camera);
    return newest == null ? 1 : newest.origin().seq() + 1;
  }

  /** A result is published here. */
  void published(Result result) {
    var unused = add(result, Optional.of(result.origin()));
  }

  /**
   * A result of another aggregator was heard.
   *
   * @param live now, not what the broker has kept
   * @return what is to be published again, because the broker may keep an older one: this one, if a
   *     newer one was there before; or one published here, if it was on its way meanwhile
   */
  Optional<Result> heard(Result result, boolean live) {
    Optional<Result> before = newest(result.camera()).flatMap(Newest::answer);
    Newest after = add(result, Optional.empty());
    boolean overwrites = before.filter(each -> isNewer(each.origin(), result)).isPresent();
    boolean overwritten =
        live && after.here().filter(own -> result.origin().compareTo(own) > 0).isPresent();
    return result.answer().isPresent() && (overwrites || overwritten)
        ? after.answer()
        : Optional.empty();
  }

  private static boolean isNewer(Origin origin, Result than) {
    return origin.compareTo(than.origin()) > 0;
  }

  private Optional<Newest> newest(String camera) {
    return Optional.ofNullable(cameras.get(camera));
  }

  private Newest add(Result result, Optional<Origin> here) {
    Optional<Newest> before = newest(result.camera());
    Optional<Result> answer = before.flatMap(Newest::answer);
    boolean isNewerAnswer =
        result.answer().isPresent()
            && answer.filter(each -> !isNewer(result.origin(), each)).isEmpty();
    Newest after =
        new Newest(
            before
                .map(Newest::origin)
                .filter(each -> isNewer(each, result))
                .orElse(result.origin()),
            isNewerAnswer ? Optional.of(result) : answer,
            result.answer().isPresent() && here.isPresent() ? here : before.flatMap(Newest::here));
    cameras.put(result.camera(), after);
    if (cameras.size() > MAX_CAMERAS) {
      String eldest = cameras.keySet().iterator().next();
      cameras.remove(eldest);
      forgotten.accept(eldest);
    }
    return after;
  }

  /** Results of this aggregator may not have been sent: none is published again. */
  void forgetAnswers() {
    cameras.replaceAll(
        (camera, newest) -> new Newest(newest.origin(), Optional.empty(), Optional.empty()));
  }
}
