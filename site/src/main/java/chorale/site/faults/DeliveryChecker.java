package chorale.site.faults;

import chorale.protocol.RequestKey;
import chorale.protocol.Result.Origin;
import chorale.site.faults.History.Told;
import chorale.site.faults.Violation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A checker of delivery: every decision must reach both the observer and the requesting camera, on
 * its response topic. One of them may miss it only if it, or the aggregator, was disconnected. Used
 * once; reads only the history.
 */
final class DeliveryChecker {
  /** Maximum time between the two messages of one decision. */
  private static final long AROUND_NANOS = Duration.ofSeconds(1).toNanos();

  private final History history;
  private final HistoryText text;
  private final List<Violation> violations = new ArrayList<>();

  DeliveryChecker(History history) {
    this.history = history;
    this.text = new HistoryText(history);
  }

  List<Violation> check() {
    Map<RequestKey, Set<Origin>> told = new HashMap<>();
    for (Told each : history.told) {
      told.computeIfAbsent(each.key(), any -> new HashSet<>()).add(each.origin());
      if (!history.delivered.getOrDefault(each.key(), Map.of()).containsKey(each.origin())) {
        judge(each.key(), each.origin(), each.atNanos(), "the camera");
      }
    }
    history.delivered.forEach(
        (key, origins) ->
            origins.forEach(
                (origin, atNanos) -> {
                  if (!told.getOrDefault(key, Set.of()).contains(origin)) {
                    judge(key, origin, atNanos, "the observer");
                  }
                }));
    return violations;
  }

  private void judge(RequestKey key, Origin origin, long atNanos, String who) {
    Span around = new Span(atNanos - AROUND_NANOS, atNanos + AROUND_NANOS);
    boolean away =
        history.isOut(around)
            || history.camerasAway.stream().anyMatch(each -> each.overlaps(around))
            || !history.isAble(origin.aggregator(), around);
    if (history.isJudged(atNanos) && !away) {
      violations.add(
          new Violation(
              Kind.UNDELIVERED,
              key.hex(),
              text.of(key, atNanos, List.of())
                  + System.lineSeparator()
                  + ("  the result of " + HistoryText.of(origin) + " did not reach " + who)));
    }
  }
}
