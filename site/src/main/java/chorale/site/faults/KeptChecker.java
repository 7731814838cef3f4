package chorale.site.faults;

import chorale.protocol.Result.Origin;
import chorale.site.faults.History.Kept;
import chorale.site.faults.History.Told;
import chorale.site.faults.Violation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A checker of the broker's retained messages: the newest result of each camera must be retained.
 * Used once; reads only the history.
 */
final class KeptChecker {
  /** Time after a newer result in which the broker may still retain an older one. */
  private static final Duration KEPT = Duration.ofSeconds(1);

  /**
   * Messages of two publishers can reach observer and broker in different order within this time.
   */
  private static final Duration TOGETHER = Duration.ofMillis(50);

  /** Time after a slow link in which its victim can lag behind the others. */
  private static final Duration SLOW = Duration.ofSeconds(2);

  private final History history;
  private final HistoryText text;
  private final List<Violation> violations = new ArrayList<>();

  KeptChecker(History history) {
    this.history = history;
    this.text = new HistoryText(history);
  }

  List<Violation> check() {
    history.kept.forEach(this::judge);
    judgeOrder();
    return violations;
  }

  private void judge(Kept kept) {
    Map<String, Told> newest = new HashMap<>();
    for (Told each : history.told) {
      boolean counts =
          each.isAnswer()
              && history.isJudged(each.atNanos())
              && each.atNanos() - (kept.atNanos() - KEPT.toNanos()) <= 0
              && !history.isOut(new Span(each.atNanos(), kept.atNanos()));
      if (counts && isNewer(each, newest.get(each.camera()))) {
        newest.put(each.camera(), each);
      }
    }
    newest.forEach(
        (camera, told) -> {
          Origin found = kept.results().get(camera);
          if (found == null || found.compareTo(told.origin()) < 0) {
            violations.add(
                new Violation(
                    Kind.STALE,
                    camera,
                    text.of(told.key(), told.atNanos(), List.of(told))
                        + System.lineSeparator()
                        + "  the broker keeps "
                        + (found == null ? "nothing" : HistoryText.of(found))));
          }
        });
  }

  private static boolean isNewer(Told told, Told than) {
    return than == null || told.origin().compareTo(than.origin()) > 0;
  }

  /**
   * Checks that an older result does not stay retained: it replaces a newer one at the broker, so
   * the newer one must be published again. After an outage, broker and aggregators may have lost
   * the newer one.
   */
  private void judgeOrder() {
    Map<String, Told> newest = new HashMap<>();
    for (int i = 0; i < history.told.size(); i++) {
      Told each = history.told.get(i);
      Told before = newest.get(each.camera());
      if (!each.isAnswer() || !history.isJudged(each.atNanos())) {
        continue;
      }
      if (before == null
          || each.origin().compareTo(before.origin()) >= 0
          || history.isOut(new Span(before.atNanos(), each.atNanos()))) {
        newest.put(each.camera(), each);
      } else if (each.atNanos() - before.atNanos() > TOGETHER.toNanos()
          && !isReplaced(i, before)
          && !mayStay(each)) {
        violations.add(
            new Violation(
                Kind.STALE,
                each.camera(),
                text.of(each.key(), each.atNanos(), List.of(before, each))));
      }
    }
  }

  private boolean isReplaced(int older, Told newest) {
    long until = history.told.get(older).atNanos() + KEPT.toNanos();
    return history.told.subList(older + 1, history.told.size()).stream()
        .takeWhile(each -> each.atNanos() - until <= 0)
        .anyMatch(
            each ->
                each.isAnswer()
                    && each.camera().equals(newest.camera())
                    && each.origin().compareTo(newest.origin()) >= 0);
  }

  private boolean mayStay(Told older) {
    Span second = new Span(older.atNanos(), older.atNanos() + KEPT.toNanos());
    Span before = new Span(older.atNanos() - SLOW.toNanos(), second.to());
    boolean slow =
        history.strikes.stream()
            .filter(each -> each.kind().isSlowLink())
            .anyMatch(each -> each.span().overlaps(before));
    return slow || !history.isAnyAble(second) || history.isOut(second);
  }
}
