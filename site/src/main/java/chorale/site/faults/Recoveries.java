package chorale.site.faults;

import chorale.protocol.RequestKey;
import chorale.site.faults.History.Frame;
import chorale.site.faults.History.Gone;
import chorale.site.faults.History.Present;
import chorale.site.faults.History.Strike;
import chorale.site.faults.History.Told;
import chorale.site.faults.Verdict.Recovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * A calculator of the recovery times after each fault. Used by one thread; reads only the history.
 */
final class Recoveries {
  /** Time limit after a fault; later events may belong to another fault. */
  private static final Duration WATCHED = Duration.ofSeconds(30);

  private final History history;
  private final Map<RequestKey, List<Told>> results;

  /**
   * @param results of each request, in order of arrival
   */
  Recoveries(History history, Map<RequestKey, List<Told>> results) {
    this.history = history;
    this.results = results;
  }

  Map<FaultKind, Recovery> all() {
    Map<FaultKind, List<Strike>> byKind = new EnumMap<>(FaultKind.class);
    history.strikes.forEach(
        each -> byKind.computeIfAbsent(each.kind(), any -> new ArrayList<>()).add(each));
    Map<FaultKind, Recovery> all = new EnumMap<>(FaultKind.class);
    byKind.forEach((kind, strikes) -> all.put(kind, of(strikes)));
    all.computeIfPresent(FaultKind.RECONNECT, (kind, each) -> each.withBack(history.rounds));
    return all;
  }

  private Recovery of(List<Strike> strikes) {
    List<Double> next = new ArrayList<>();
    List<Double> back = new ArrayList<>();
    List<Double> whole = new ArrayList<>();
    List<Double> open = new ArrayList<>();
    List<Double> afterWill = new ArrayList<>();
    for (Strike strike : strikes) {
      next(strike).ifPresent(next::add);
      back.addAll(back(strike));
      whole(strike).ifPresent(whole::add);
      for (Told told : takenOver(strike)) {
        open.add(millis(strike.span().from(), told.atNanos()));
        will(strike)
            .filter(gone -> gone.atNanos() - told.atNanos() <= 0)
            .ifPresent(gone -> afterWill.add(millis(gone.atNanos(), told.atNanos())));
      }
    }
    return new Recovery(strikes.size(), next, back, whole, open, afterWill);
  }

  /**
   * Returns the time to the next result. For a broker, the time counts from when it accepts
   * connections again to the next answer; results without an answer do not count.
   */
  private OptionalDouble next(Strike strike) {
    boolean ofBroker = strike.kind().isOfBroker();
    long since = ofBroker ? strike.span().to() : strike.span().from();
    return history.told.stream()
        .filter(each -> !strike.kind().isSlowLink() && isWithin(since, each.atNanos()))
        .filter(each -> ofBroker ? each.isAnswer() : strike.cameras().contains(each.camera()))
        .filter(each -> ofBroker || isOfAnotherOrLater(each, strike))
        .mapToDouble(each -> millis(since, each.atNanos()))
        .findFirst();
  }

  /**
   * Returns the times until new announcements: of the victim, or of all services if the broker was
   * killed.
   */
  private List<Double> back(Strike strike) {
    Map<String, Double> first = new TreeMap<>();
    long since = strike.span().to();
    for (Present each : history.present) {
      boolean counts = strike.kind().isOfBroker() || each.name().equals(strike.victim());
      if (strike.kind().isKill() && counts && isWithin(since, each.atNanos())) {
        first.putIfAbsent(each.name(), millis(since, each.atNanos()));
      }
    }
    return List.copyOf(first.values());
  }

  private OptionalDouble whole(Strike strike) {
    return history.whole.stream()
        .filter(each -> strike.kind().isOfBroker() && isWithin(strike.span().to(), each))
        .mapToDouble(each -> millis(strike.span().to(), each))
        .findFirst();
  }

  /** Excludes results of the victim before it resumes, because these may have been in transit. */
  private static boolean isOfAnotherOrLater(Told told, Strike strike) {
    return !told.origin().aggregator().equals(strike.victim())
        || told.atNanos() - strike.span().to() > 0;
  }

  private static boolean isWithin(long since, long atNanos) {
    return atNanos - since > 0 && atNanos - since < WATCHED.toNanos();
  }

  /**
   * Returns the first results of requests that were open at the fault and answered by another
   * member.
   */
  private List<Told> takenOver(Strike strike) {
    List<Told> taken = new ArrayList<>();
    for (Frame frame : history.frames()) {
      List<Told> told = results.getOrDefault(frame.key(), List.of());
      boolean open =
          strike.cameras().contains(frame.camera())
              && frame.atNanos() - strike.span().from() <= 0
              && !told.isEmpty()
              && isWithin(strike.span().from(), told.get(0).atNanos());
      if (open && !told.get(0).origin().aggregator().equals(strike.victim())) {
        taken.add(told.get(0));
      }
    }
    return taken;
  }

  private Optional<Gone> will(Strike strike) {
    return history.gone.stream()
        .filter(each -> each.name().equals(strike.victim()))
        .filter(each -> isWithin(strike.span().from(), each.atNanos()))
        .findFirst();
  }

  private static double millis(long from, long to) {
    return (to - from) / 1e6;
  }
}
