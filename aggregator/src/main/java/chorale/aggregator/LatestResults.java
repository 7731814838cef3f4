package chorale.aggregator;

import chorale.protocol.Result;
import chorale.protocol.Result.Origin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The newest result of each camera, from any aggregator of the group. It provides the next sequence
 * number. It also detects that the broker may retain an older result, which must then be replaced.
 * It keeps the {@value #MAX_CAMERAS} most recently active cameras. A callback clears the retained
 * messages of the others, so that a sender of invented camera names cannot fill the broker. Owned
 * by the aggregator's thread.
 */
final class LatestResults {
  static final int MAX_CAMERAS = 4_096;

  private final Consumer<String> forgotten;
  private final Map<String, Newest> cameras = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param forgotten receives each camera that is evicted
   */
  LatestResults(Consumer<String> forgotten) {
    this.forgotten = forgotten;
  }

  /**
   * The newest results of one camera.
   *
   * @param origin of the newest result
   * @param answer the newest result with an answer, which the broker should retain
   * @param here origin of this aggregator's last published result with an answer
   */
  private record Newest(Origin origin, Optional<Result> answer, Optional<Origin> here) {}

  /** Returns the sequence number of a camera's next result. */
  long next(String camera) {
    Newest newest = cameras.get(camera);
    return newest == null ? 1 : newest.origin().seq() + 1;
  }

  /** Records a result published by this aggregator. */
  void published(Result result) {
    var unused = add(result, Optional.of(result.origin()));
  }

  /**
   * Records a result of another aggregator.
   *
   * @param live whether it is new, not retained
   * @return the newest answer if it must be published again: the broker may now retain an older
   *     one, either the given result or one that this aggregator published at the same time
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

  /**
   * Forgets all answers after a disconnect: they may not have been sent and must not be
   * republished.
   */
  void forgetAnswers() {
    cameras.replaceAll(
        (camera, newest) -> new Newest(newest.origin(), Optional.empty(), Optional.empty()));
  }
}
