package chorale.aggregator;

import static chorale.aggregator.VirtualTime.SECOND;

import chorale.aggregator.History.Asked;
import chorale.aggregator.History.Ended;
import chorale.aggregator.History.Seen;
import chorale.aggregator.History.Trouble;
import chorale.aggregator.History.Trouble.Kind;
import chorale.protocol.Result;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.Predicate;

/** Rare states that the seeds must cover: otherwise the simulation proves little. */
enum Met {
  /** Another member published before its own turn, because the owner was lost. */
  TAKEN_OVER_AFTER_WILL,
  /** No member published in time, and another published in its turn. */
  TAKEN_OVER_IN_TURN,
  /** An aggregator was stopped or disconnected with open windows. */
  WOKE_WITH_WINDOWS,
  /** An aggregator that joined later publishes. */
  JOINER_PUBLISHED,
  LEAVER_FINISHED,
  RESULT_BEFORE_FRAME,
  RETAINED_REPLACED,
  STEPPED_DOWN,
  /** A board has passed a check. */
  CHECKED_RIGHT,
  /** A further tier was asked. */
  ESCALATED,
  /** A board no longer had the frame that it was asked about. */
  FRAME_GONE,
  /** No reply came from a tier that was asked. */
  TIER_SILENT,
  /** A second aggregator asked the same tier about a request. */
  ASKED_AGAIN,
  /** An aggregator asked after the loss of another one that had not asked. */
  ASKED_INSTEAD,
  /** Decided twice around a zombie, which no protocol can prevent. */
  DECIDED_TWICE_BY_ZOMBIE,
  /** A retry decided again by an aggregator that joined later and lacks the first result. */
  RETRY_FORGOTTEN;

  static final EnumSet<Met> OF_TIERS =
      EnumSet.of(ESCALATED, FRAME_GONE, TIER_SILENT, ASKED_AGAIN, ASKED_INSTEAD);

  /** Counts the states, from counters and results. */
  static Map<Met, Long> count(History history) {
    Map<Met, Long> met = new EnumMap<>(Met.class);
    met.put(TAKEN_OVER_IN_TURN, history.seen.stream().filter(Met::isInTurn).count());
    met.put(
        TAKEN_OVER_AFTER_WILL,
        Math.max(0, sum(history, "taken_over") - met.get(TAKEN_OVER_IN_TURN)));
    met.put(WOKE_WITH_WINDOWS, sum(history, "decided_without"));
    met.put(RESULT_BEFORE_FRAME, sum(history, "frames_published"));
    met.put(RETAINED_REPLACED, sum(history, "results_replaced"));
    met.put(STEPPED_DOWN, sum(history, "stepped_down"));
    met.put(CHECKED_RIGHT, sum(history, "checks_right"));
    met.put(ESCALATED, sum(history, "escalated"));
    met.put(FRAME_GONE, missing(history, Met::isGone));
    met.put(TIER_SILENT, missing(history, each -> isSilent(history, each)));
    met.put(ASKED_AGAIN, history.asked.stream().filter(each -> isAgain(history, each)).count());
    met.put(ASKED_INSTEAD, history.asked.stream().filter(each -> isInstead(history, each)).count());
    met.put(LEAVER_FINISHED, during(history, Kind.LEFT, 0));
    met.put(JOINER_PUBLISHED, during(history, Kind.STARTED, SECOND));
    return met;
  }

  static Map<Met, Long> sum(Map<Met, Long> some, Map<Met, Long> more) {
    Map<Met, Long> sum = new EnumMap<>(Met.class);
    sum.putAll(some);
    more.forEach((state, times) -> sum.merge(state, times, Long::sum));
    return sum;
  }

  private static long sum(History history, String counter) {
    return history.ended.stream().map(Ended::counters).mapToLong(all -> all.get(counter)).sum();
  }

  private static long missing(History history, Predicate<Missing> which) {
    return history.seen.stream()
        .flatMap(each -> each.result().missing().stream())
        .filter(which)
        .count();
  }

  private static boolean isGone(Missing missing) {
    return missing.error().filter(each -> each.code().equals("frame_gone")).isPresent();
  }

  private static boolean isSilent(History history, Missing missing) {
    return missing.reason() == MissingReason.NO_REPLY
        && history.tiers.filter(tiers -> tiers.of(missing.variant()) > 1).isPresent();
  }

  private static boolean isAgain(History history, Asked ask) {
    return history.asked.stream()
        .anyMatch(
            each ->
                each.key().equals(ask.key())
                    && each.tier() == ask.tier()
                    && !each.client().equals(ask.client())
                    && each.nanos() - ask.nanos() < 0);
  }

  private static boolean isInstead(History history, Asked ask) {
    long published = history.frames.get(ask.key()).published().get(0);
    return !isAgain(history, ask)
        && history.troubles.stream()
            .anyMatch(
                each ->
                    each.kind() != Kind.STARTED
                        && !ask.client().endsWith(each.aggregator())
                        && each.from() - published >= 0
                        && each.from() - ask.nanos() <= 0);
  }

  static boolean isInTurn(Seen seen) {
    Result result = seen.result();
    long slot = GroupRules.STANDARD.slot().toMillis();
    return !result.repeated() && result.latencyMillis() >= result.deadlineMillis() + slot;
  }

  /** Counts the results of aggregators during or after their faults. */
  private static long during(History history, Kind kind, long notBeforeNanos) {
    long count = 0;
    for (Trouble trouble : history.troubles) {
      boolean counts =
          trouble.kind() == kind
              && trouble.from() - history.troubles.get(0).from() >= notBeforeNanos;
      for (Seen seen : history.seen) {
        boolean of = seen.result().origin().aggregator().equals(trouble.aggregator());
        boolean since =
            kind == Kind.STARTED
                ? seen.nanos() - trouble.from() > 0
                : trouble.overlaps(seen.nanos(), seen.nanos(), 0);
        count += counts && of && since ? 1 : 0;
      }
    }
    return count;
  }
}
