package chorale.site.faults;

import chorale.protocol.RequestKey;
import chorale.protocol.Result.Origin;
import chorale.site.faults.History.Frame;
import chorale.site.faults.History.Kept;
import chorale.site.faults.History.Outage;
import chorale.site.faults.History.Told;
import chorale.site.faults.Violation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The judge of a {@link History}: one decision for each request, in time; none of a request that
 * nobody published; the newest kept by the broker. Pure; one use.
 *
 * <p>A request may go without a result for a {@link Cause} alone. It may have two only where one of
 * them is of an aggregator that was stopped or cut off meanwhile.
 */
final class Checker {
  /** After a newer result, until when the broker may keep an older one. */
  private static final Duration KEPT = Duration.ofSeconds(1);

  private static final int SLOWEST = 10;

  private final History history;
  private final long limitNanos;
  private final HistoryText text;

  private final List<Violation> violations = new ArrayList<>();
  private final Map<RequestKey, List<Told>> results = new HashMap<>();
  private final Map<Cause, Integer> excused = new EnumMap<>(Cause.class);
  private final List<Double> latencies = new ArrayList<>();
  private int answered;
  private int noAnswers;
  private int toldTwice;

  /**
   * @param limit from a frame to its result, when nobody is too late
   */
  Checker(History history, Duration limit) {
    this.history = history;
    this.limitNanos = limit.toNanos();
    this.text = new HistoryText(history);
  }

  Verdict check() {
    violations.addAll(history.noted);
    for (Told each : history.told) {
      results.computeIfAbsent(each.key(), any -> new ArrayList<>()).add(each);
    }
    Set<RequestKey> published = new HashSet<>();
    int judged = 0;
    for (Frame frame : history.frames()) {
      published.add(frame.key());
      if (isJudged(frame.atNanos())) {
        judged++;
        judge(frame);
      }
    }
    results.forEach(
        (key, told) -> {
          if (!published.contains(key)) {
            violations.add(
                new Violation(Kind.INVENTED, key.hex(), text.of(key, told.get(0).atNanos(), told)));
          }
        });
    history.kept.forEach(this::judge);
    judgeOrder();
    return new Verdict(
        judged,
        answered,
        noAnswers,
        excused,
        toldTwice,
        violations,
        latencies,
        slowest(),
        new Recoveries(history, results).all());
  }

  private boolean isJudged(long atNanos) {
    return atNanos >= history.warmNanos;
  }

  // ---- requests

  private void judge(Frame frame) {
    List<Told> told = results.getOrDefault(frame.key(), List.of());
    long since = history.heard.getOrDefault(frame.key(), frame.atNanos());
    Span window = new Span(frame.atNanos(), since + limitNanos);
    boolean inTime = !told.isEmpty() && window.contains(told.get(0).atNanos());
    if (!told.isEmpty()) {
      answered++;
      noAnswers += told.get(0).isAnswer() ? 0 : 1;
      latencies.add((told.get(0).atNanos() - frame.atNanos()) / 1e6);
      judgeDecisions(frame, told);
    }
    if (!inTime) {
      Optional<Cause> cause = cause(frame, window);
      if (cause.isPresent()) {
        excused.merge(cause.get(), 1, Integer::sum);
      } else {
        add(told.isEmpty() ? Kind.LOST : Kind.LATE, frame, told);
      }
    }
  }

  private void add(Kind kind, Frame frame, List<Told> told) {
    violations.add(
        new Violation(kind, frame.key().hex(), text.of(frame.key(), frame.atNanos(), told)));
  }

  private Optional<Cause> cause(Frame frame, Span window) {
    if (history.isRefused(frame.key())) {
      return Optional.of(Cause.NOT_TAKEN);
    }
    Optional<Cause> outage =
        history.outages.stream()
            .filter(each -> each.span().overlaps(window))
            .map(Outage::cause)
            .min(Comparator.naturalOrder());
    if (outage.isPresent()) {
      return outage;
    }
    if (!history.heard.containsKey(frame.key())) {
      return Optional.of(Cause.NOT_DELIVERED);
    }
    return isAble(window) ? Optional.empty() : Optional.of(Cause.NO_AGGREGATOR);
  }

  private List<String> slowest() {
    return history.frames().stream()
        .filter(frame -> isJudged(frame.atNanos()))
        .filter(frame -> results.containsKey(frame.key()))
        .sorted(Comparator.comparingLong(frame -> -waited(frame)))
        .limit(SLOWEST)
        .map(frame -> text.of(frame.key(), frame.atNanos(), results.get(frame.key())))
        .toList();
  }

  private long waited(Frame frame) {
    return results.get(frame.key()).get(0).atNanos() - frame.atNanos();
  }

  /** Whether one aggregator was ready, running and connected all that time. */
  private boolean isAble(Span window) {
    return history.able.values().stream()
        .anyMatch(spans -> spans.stream().anyMatch(span -> span.covers(window)));
  }

  private void judgeDecisions(Frame frame, List<Told> told) {
    Set<Origin> origins = new HashSet<>();
    told.forEach(each -> origins.add(each.origin()));
    if (origins.size() == 1) {
      return;
    }
    Span window = new Span(frame.atNanos(), told.get(told.size() - 1).atNanos());
    boolean paused =
        history.strikes.stream()
            .filter(strike -> strike.kind().isPause())
            .filter(strike -> within(strike.span()).overlaps(window))
            .anyMatch(
                strike ->
                    strike.kind().isOfBroker()
                        || origins.stream()
                            .anyMatch(each -> each.aggregator().equals(strike.victim())));
    if (paused) {
      toldTwice++;
    } else {
      add(Kind.DOUBLED, frame, told);
    }
  }

  /** A fault, and the time in which its victim may not have noticed yet. */
  private Span within(Span fault) {
    return new Span(fault.from(), fault.to() + limitNanos);
  }

  // ---- what the broker keeps

  private void judge(Kept kept) {
    Map<String, Told> newest = new HashMap<>();
    for (Told each : history.told) {
      boolean counts =
          each.isAnswer()
              && isJudged(each.atNanos())
              && each.atNanos() - (kept.atNanos() - KEPT.toNanos()) <= 0
              && !brokerWasDown(new Span(each.atNanos(), kept.atNanos()));
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

  /** An older result after a newer one takes its place at the broker, until it comes again. */
  private void judgeOrder() {
    Map<String, Told> newest = new HashMap<>();
    for (int i = 0; i < history.told.size(); i++) {
      Told each = history.told.get(i);
      Told before = newest.get(each.camera());
      if (!each.isAnswer() || !isJudged(each.atNanos())) {
        continue;
      }
      if (before == null || each.origin().compareTo(before.origin()) >= 0) {
        newest.put(each.camera(), each);
      } else if (!isReplaced(i, before) && !mayStay(each)) {
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
    return !isAble(second)
        || history.outages.stream().anyMatch(each -> each.span().overlaps(second));
  }

  private boolean brokerWasDown(Span span) {
    return history.outages.stream().anyMatch(each -> each.span().overlaps(span));
  }
}
