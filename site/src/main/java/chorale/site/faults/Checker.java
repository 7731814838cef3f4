package chorale.site.faults;

import chorale.protocol.RequestKey;
import chorale.protocol.Result.Origin;
import chorale.site.faults.History.Frame;
import chorale.site.faults.History.Outage;
import chorale.site.faults.History.Strike;
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
 * A checker of a {@link History}: each request has exactly one decision, in time, and there is no
 * decision without a request. It also runs the checkers of {@link VoteChecker votes}, {@link
 * DeliveryChecker delivery} and {@link KeptChecker retained results}. Used once; reads only the
 * history.
 *
 * <p>A request without a result needs a {@link Cause}. Two results are accepted only if one comes
 * from an aggregator that was paused or cut off meanwhile, if an aggregator had a slow link or the
 * broker was down, or if messages took longer than the group's limit. While no aggregator is
 * affected by a fault, a shorter time limit applies.
 */
final class Checker {
  /**
   * Maximum message delay for which the group guarantees a single decision (docs/reliability.md).
   */
  private static final long SLOW_NANOS = Duration.ofMillis(150).toNanos();

  private static final int SLOWEST = 10;

  private final History history;
  private final Limits limits;
  private final HistoryText text;

  private final List<Violation> violations = new ArrayList<>();
  private final Map<RequestKey, List<Told>> results = new HashMap<>();
  private final Map<Cause, Integer> excused = new EnumMap<>(Cause.class);
  private final List<Double> latencies = new ArrayList<>();
  private int answered;
  private int noAnswers;
  private int sentTwice;

  /**
   * Time limits from a frame to its result.
   *
   * @param usual while all aggregators are able
   * @param most while others must take over
   */
  record Limits(Duration usual, Duration most) {}

  Checker(History history, Limits limits) {
    this.history = history;
    this.limits = limits;
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
      if (history.isJudged(frame.atNanos())) {
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
    violations.addAll(new VoteChecker(history, limits.most()).check());
    violations.addAll(new DeliveryChecker(history).check());
    violations.addAll(new KeptChecker(history).check());
    return new Verdict(
        judged,
        answered,
        noAnswers,
        excused,
        sentTwice,
        violations,
        latencies,
        slowest(),
        new Recoveries(history, results).all());
  }

  private void judge(Frame frame) {
    List<Told> told = results.getOrDefault(frame.key(), List.of());
    long since = history.heard.getOrDefault(frame.key(), frame.atNanos());
    boolean calm =
        history.areAllAble(
            new Span(frame.atNanos() - limits.most().toNanos(), since + limits.usual().toNanos()));
    Duration limit = calm ? limits.usual() : limits.most();
    Span window = new Span(frame.atNanos(), since + limit.toNanos());
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
    Optional<Cause> outage =
        history.outages.stream()
            .filter(each -> each.span().overlaps(window))
            .map(Outage::cause)
            .min(Comparator.naturalOrder());
    boolean couldBeAnswered = outage.isEmpty() && history.isAnyAble(window);
    if (history.isRefused(frame.key())) {
      return couldBeAnswered ? Optional.empty() : Optional.of(Cause.NOT_TAKEN);
    }
    if (outage.isPresent()) {
      return outage;
    }
    if (!history.heard.containsKey(frame.key())) {
      return Optional.of(Cause.NOT_DELIVERED);
    }
    return couldBeAnswered ? Optional.empty() : Optional.of(Cause.NO_AGGREGATOR);
  }

  private List<String> slowest() {
    return history.frames().stream()
        .filter(frame -> history.isJudged(frame.atNanos()))
        .filter(frame -> results.containsKey(frame.key()))
        .sorted(Comparator.comparingLong(frame -> -waited(frame)))
        .limit(SLOWEST)
        .map(frame -> text.of(frame.key(), frame.atNanos(), results.get(frame.key())))
        .toList();
  }

  private long waited(Frame frame) {
    return results.get(frame.key()).get(0).atNanos() - frame.atNanos();
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
                    isOfSlowAggregator(strike)
                        || origins.stream()
                            .anyMatch(each -> each.aggregator().equals(strike.victim())));
    boolean brokerDown =
        history.outages.stream()
            .filter(each -> each.cause() == Cause.BROKER_DOWN)
            .anyMatch(each -> within(each.span()).overlaps(window));
    if (paused || brokerDown || wereMessagesSlow(window)) {
      sentTwice++;
    } else {
      add(Kind.DOUBLED, frame, told);
    }
  }

  /** Returns whether the broker or this machine delayed a frame beyond the group's limit. */
  private boolean wereMessagesSlow(Span window) {
    return history.frames().stream()
        .filter(each -> history.heard.containsKey(each.key()))
        .map(each -> new Span(each.atNanos(), history.heard.get(each.key())))
        .anyMatch(each -> each.to() - each.from() > SLOW_NANOS && each.overlaps(window));
  }

  private boolean isOfSlowAggregator(Strike strike) {
    return strike.kind().isSlowLink() && history.able.containsKey(strike.victim());
  }

  /** Returns a fault's span, extended by the time in which its victim may not have detected it. */
  private Span within(Span fault) {
    return new Span(fault.from(), fault.to() + limits.most().toNanos());
  }
}
