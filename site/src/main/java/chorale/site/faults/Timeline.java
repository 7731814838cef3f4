package chorale.site.faults;

import chorale.site.faults.History.Frame;
import chorale.site.faults.History.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of a run, in seconds since the end of the warm-up. Immutable.
 *
 * @param faults from start to end
 * @param results by publication time of their frames
 * @param unanswered publication times of frames without a result
 */
public record Timeline(List<Struck> faults, List<Answered> results, List<Double> unanswered) {
  public Timeline {
    faults = List.copyOf(faults);
    results = List.copyOf(results);
    unanswered = List.copyOf(unanswered);
  }

  /** An injected fault. */
  public record Struck(FaultKind kind, double from, double to) {}

  /** A request with a result. */
  public record Answered(double at, double latencyMillis) {}

  static Timeline of(History history) {
    Map<Object, Told> first = new HashMap<>();
    history.told.forEach(each -> first.putIfAbsent(each.key(), each));
    List<Answered> results = new ArrayList<>();
    List<Double> unanswered = new ArrayList<>();
    for (Frame frame : history.frames()) {
      Told told = first.get(frame.key());
      double at = seconds(history, frame.atNanos());
      if (told != null && history.isJudged(frame.atNanos())) {
        results.add(new Answered(at, (told.atNanos() - frame.atNanos()) / 1e6));
      } else if (history.isJudged(frame.atNanos())) {
        unanswered.add(at);
      }
    }
    return new Timeline(
        history.strikes.stream()
            .map(
                each ->
                    new Struck(
                        each.kind(),
                        seconds(history, each.span().from()),
                        seconds(history, each.span().to())))
            .toList(),
        results,
        unanswered);
  }

  private static double seconds(History history, long nanos) {
    return (nanos - history.warmNanos) / 1e9;
  }
}
