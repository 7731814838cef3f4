package chorale.site.faults;

import chorale.protocol.RequestKey;
import chorale.protocol.Result.Origin;
import chorale.site.faults.History.Frame;
import chorale.site.faults.History.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A formatter of the events around one request, for reports. Stateless. */
final class HistoryText {
  private static final long AROUND_NANOS = Duration.ofSeconds(5).toNanos();

  private final History history;

  HistoryText(History history) {
    this.history = history;
  }

  static String of(Origin origin) {
    return origin.aggregator() + " seq " + origin.seq();
  }

  /**
   * @param atNanos origin of the times
   */
  String of(RequestKey key, long atNanos, List<Told> told) {
    List<String> lines = new ArrayList<>();
    history.frames().stream()
        .filter(each -> each.key().equals(key))
        .forEach(each -> lines.add(line(each.atNanos() - atNanos, frame(each))));
    Long heard = history.heard.get(key);
    lines.add(heard == null ? "  frame not received" : line(heard - atNanos, "frame received"));
    lines.add("  workers that replied: " + history.replies.getOrDefault(key, Set.of()).size());
    for (Told each : told) {
      String what = "result of " + of(each.origin()) + ": " + each.detail();
      lines.add(line(each.atNanos() - atNanos, what));
    }
    around(atNanos, told, lines);
    return String.join(System.lineSeparator(), lines);
  }

  private String frame(Frame frame) {
    double seconds = (frame.atNanos() - history.startNanos) / 1e9;
    return String.format(Locale.ROOT, "frame of %s, %.1f s", frame.camera(), seconds);
  }

  private void around(long atNanos, List<Told> told, List<String> lines) {
    long last = told.isEmpty() ? atNanos : told.get(told.size() - 1).atNanos();
    Span around = new Span(atNanos - AROUND_NANOS, last + AROUND_NANOS);
    history.strikes.stream()
        .filter(each -> each.span().overlaps(around))
        .forEach(
            each ->
                lines.add(
                    line(each.span().from() - atNanos, each.kind() + " of " + each.victim())
                        + to(each.span().to() - atNanos)));
    for (Map.Entry<String, List<Span>> each : new TreeMap<>(history.able).entrySet()) {
      for (Span span : each.getValue()) {
        if (span.overlaps(around)) {
          lines.add(line(span.from() - atNanos, each.getKey() + " able") + to(span.to() - atNanos));
        }
      }
    }
  }

  private static String line(long nanos, String what) {
    return String.format(Locale.ROOT, "  %+10.1f ms  %s", nanos / 1e6, what);
  }

  private static String to(long nanos) {
    return String.format(Locale.ROOT, " until %+.1f ms", nanos / 1e6);
  }
}
