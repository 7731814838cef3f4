package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;
import static chorale.aggregator.VirtualTime.SECOND;

import chorale.aggregator.History.Ended;
import chorale.aggregator.History.Frame;
import chorale.aggregator.History.Heard;
import chorale.aggregator.History.Seen;
import chorale.aggregator.History.Trouble;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.MissingReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A checker of a {@link History} against an aggregator's guarantees; reports breaches as text. */
final class Checker {
  /** Time after a window's deadline for all slots, a late turn, a start and the transmissions. */
  static final long SLOTS_NANOS = 3 * SECOND;

  /** Weighted sums closer than this may be equal apart from rounding. */
  private static final double TIE = 1e-3;

  private static final List<String> JUDGED =
      List.of(
          "malformed",
          "foreign",
          "unsigned",
          "forged",
          "replayed",
          "checked",
          "excluded",
          "unasked",
          "late",
          "duplicate",
          "redundant",
          "failed",
          "accepted",
          "unknown",
          "waiting_replies");

  /** The time before a deadline in which the next tier may no longer be asked. */
  private static final int LEFT_MILLIS = 50;

  /** The maximum time until an aggregator reads a message. */
  private static final long NEWS_NANOS = 60 * MILLI;

  /** The time until a resumed or reconnected aggregator knows that others took over. */
  private static final long ZOMBIE_NANOS = SECOND;

  private final History history;
  private final List<Breach> breaches = new ArrayList<>();
  private final Map<RequestKey, List<Seen>> results = new HashMap<>();
  private long zombieDoubles;
  private long forgotten;

  /** A violated guarantee. */
  record Breach(Kind kind, String text) {
    enum Kind {
      /** Two decisions for one request. */
      DOUBLED,
      /** No result in time, although an aggregator was available to publish it. */
      LOST,
      /** A result without a frame, with an invented vote, or with a vote counted twice. */
      INVENTED,
      /** Not the class that follows from the votes. */
      WRONG,
      /** Replies that were counted twice or not at all. */
      UNBALANCED,
      /** An honest board has failed a check. */
      ACCUSED,
      /** The retained result is not the newest one. */
      STALE,
      /**
       * The tier in a result, or its {@code not_asked} list, differs from the tiers that were
       * asked.
       */
      MISTOLD
    }
  }

  Checker(History history) {
    this.history = history;
    for (Seen each : history.seen) {
      results.computeIfAbsent(each.result().requestId(), key -> new ArrayList<>()).add(each);
    }
  }

  /** Returns all breaches that an observer can detect. */
  List<Breach> check() {
    history.frames.values().forEach(this::oneDecision);
    history.heard.forEach(this::answeredInTime);
    history.ended.forEach(this::balanced);
    results.values().forEach(all -> all.forEach(each -> rightClass(each.result())));
    history.tiers.ifPresent(tiers -> history.seen.forEach(each -> rightTier(each, tiers)));
    history.retained.forEach(this::newestRetained);
    return breaches;
  }

  Map<Met, Long> met() {
    Map<Met, Long> met = Met.count(history);
    met.put(Met.DECIDED_TWICE_BY_ZOMBIE, zombieDoubles);
    met.put(Met.RETRY_FORGOTTEN, forgotten);
    return met;
  }

  private void oneDecision(Frame frame) {
    List<Seen> decisions = new ArrayList<>();
    Set<Result> distinct = new HashSet<>();
    for (Seen each : results.getOrDefault(frame.key(), List.of())) {
      if (!each.result().repeated() && distinct.add(each.result())) {
        decisions.add(each);
      }
    }
    if (decisions.size() <= frame.requests()) {
      return;
    }
    long first = frame.published().get(0);
    long last = decisions.get(decisions.size() - 1).nanos();
    List<Trouble> meanwhile =
        history.troubles.stream()
            .filter(each -> each.overlaps(first, last, Scenario.RECOVERY_NANOS))
            .toList();
    if (meanwhile.stream()
        .anyMatch(each -> each.kind().makesZombies() && each.overlaps(first, last, ZOMBIE_NANOS))) {
      zombieDoubles++;
    } else if (frame.isRetried() && !meanwhile.isEmpty()) {
      forgotten++;
    } else {
      breach(
          Breach.Kind.DOUBLED,
          "%s has %d decisions".formatted(EventLog.shortKey(frame.key()), decisions.size()));
    }
  }

  /**
   * Checks that a frame has a result if an aggregator received it and had no fault until all slots
   * had passed.
   */
  private void answeredInTime(Heard heard) {
    Frame frame = history.frames.get(heard.key());
    long end = heard.nanos() + frame.budgetMillis() * MILLI + SLOTS_NANOS;
    boolean sound =
        history.troubles.stream()
            .noneMatch(
                each ->
                    each.kind() != Trouble.Kind.STARTED
                        && each.aggregator().equals(heard.aggregator())
                        && each.overlaps(heard.nanos(), end, Scenario.RECOVERY_NANOS));
    long from = frame.requested(heard.nanos());
    boolean answered =
        results.getOrDefault(frame.key(), List.of()).stream()
            .anyMatch(each -> each.nanos() - from >= 0 && each.nanos() - end <= 0);
    if (sound && !answered) {
      breach(
          Breach.Kind.LOST,
          "%s, which %s received, has no result in time"
              .formatted(EventLog.shortKey(heard.key()), heard.aggregator()));
    }
  }

  private void rightClass(Result result) {
    Frame frame = history.frames.get(result.requestId());
    String key = EventLog.shortKey(result.requestId());
    if (frame == null || !frame.camera().equals(result.camera())) {
      breach(Breach.Kind.INVENTED, key + " has a result but was never published");
      return;
    }
    double[] sums = new double[ModelEngine.CLASSES.size()];
    Set<String> variants = new HashSet<>();
    for (Answered vote : result.answered()) {
      float[] given = ModelEngine.probabilities(frame.image(), vote.variant());
      int first = best(given);
      if (!variants.add(vote.variant())
          || ModelEngine.fails(frame.image(), vote.variant())
          || !vote.name().equals(ModelEngine.CLASSES.get(first))
          || Math.abs(vote.probability() - given[first]) > 1e-5) {
        breach(Breach.Kind.INVENTED, key + " counts an invented vote: " + vote);
      }
      double weight = ModelEngine.SIZES.get(vote.variant().charAt(1) - '1');
      sums[first] += weight * given[first];
      given[first] = 0;
      int second = best(given);
      sums[second] += weight * given[second];
    }
    boolean right =
        result.answered().isEmpty()
            ? result.answer().isEmpty()
            : result.answer().isPresent()
                && sums[result.answer().get().index()] > sums[best(sums)] - TIE;
    if (!right) {
      breach(Breach.Kind.WRONG, key + " has the wrong class: " + result);
    }
  }

  /**
   * Checks that a result names the tiers that were and were not asked, and that unsure votes were
   * escalated.
   */
  private void rightTier(Seen seen, ModelTiers tiers) {
    Result result = seen.result();
    int last = lastAsked(result, tiers);
    boolean right =
        result.answered().stream().allMatch(each -> tiers.of(each.variant()) <= last)
            && result.missing().stream()
                .allMatch(
                    each ->
                        tiers.of(each.variant()) <= last
                            ? each.reason() != MissingReason.NOT_ASKED
                            : each.reason() == MissingReason.NOT_ASKED
                                || each.reason() == MissingReason.OFFLINE);
    if (!right) {
      breach(Breach.Kind.MISTOLD, "tier " + last + ", but: " + result);
    }
    if (last > 1 && !wasAsked(seen, last)) {
      breach(Breach.Kind.MISTOLD, "tier " + last + " was not asked: " + result);
    }
    boolean couldAsk =
        result.decidedBy() == DecidedBy.ALL
            && result.latencyMillis() < result.deadlineMillis() - LEFT_MILLIS
            && result.missing().stream().anyMatch(each -> each.reason() == MissingReason.NOT_ASKED);
    if (couldAsk && !tiers.isSure(margin(result))) {
      breach(Breach.Kind.MISTOLD, "not sure, and nobody else was asked: " + result);
    }
  }

  /**
   * Returns, for a result without an answer, the last tier that was asked and has missing variants.
   */
  private static int lastAsked(Result result, ModelTiers tiers) {
    return result
        .answer()
        .flatMap(Result.Answer::tier)
        .orElse(
            result.missing().stream()
                .filter(each -> each.reason() != MissingReason.NOT_ASKED)
                .filter(each -> each.reason() != MissingReason.OFFLINE)
                .mapToInt(each -> tiers.of(each.variant()))
                .max()
                .orElse(1));
  }

  /**
   * Returns whether the tier was asked or this is unknown. An aggregator that takes over after the
   * deadline does not know whether the owner had asked, and the ask of a disconnected aggregator
   * does not reach the broker.
   */
  private boolean wasAsked(Seen seen, int tier) {
    Result result = seen.result();
    long opened = seen.nanos() - (long) (result.latencyMillis() * MILLI);
    return result.decidedBy() != DecidedBy.DEADLINE
        || result.latencyMillis() > result.deadlineMillis() + 1
        || isChanging(seen.nanos())
        || history.troubles.stream()
            .anyMatch(
                each ->
                    each.aggregator().equals(result.origin().aggregator())
                        && each.kind() != Trouble.Kind.STARTED
                        && each.overlaps(opened, seen.nanos(), Scenario.RECOVERY_NANOS))
        || history.asked.stream()
            .anyMatch(
                each ->
                    each.key().equals(result.requestId())
                        && each.tier() >= tier
                        && each.nanos() - seen.nanos() < 0);
  }

  /** Returns whether an aggregator may just have learned that another one does not publish. */
  private boolean isChanging(long nanos) {
    return Stream.concat(
            history.announced.stream(),
            history.seen.stream().filter(Met::isInTurn).map(Seen::nanos))
        .anyMatch(each -> Math.abs(each - nanos) < NEWS_NANOS);
  }

  private static double margin(Result result) {
    List<Result.Scored> topk = result.answer().map(Result.Answer::topk).orElse(List.of());
    return topk.isEmpty() ? 0 : topk.get(0).score() - (topk.size() > 1 ? topk.get(1).score() : 0);
  }

  private static int best(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return best(doubles);
  }

  /** Returns the best class; on a tie, the first. */
  private static int best(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  /** Checks that every reply was counted once. */
  private void balanced(Ended ended) {
    long judged = JUDGED.stream().mapToLong(ended.counters()::get).sum();
    if (ended.counters().get("received") != judged) {
      breach(Breach.Kind.UNBALANCED, ended.aggregator() + ": " + ended.counters());
    }
    if (ended.counters().get("checks_wrong") > 0) {
      breach(Breach.Kind.ACCUSED, ended.aggregator() + ": " + ended.counters());
    }
  }

  /** Checks that the broker retains the newest answer of a camera at the end. */
  private void newestRetained(String camera, Result kept) {
    Result newest = kept;
    for (Seen each : history.seen) {
      Result result = each.result();
      if (result.camera().equals(camera)
          && result.answer().isPresent()
          && !result.repeated()
          && result.origin().compareTo(newest.origin()) > 0) {
        newest = result;
      }
    }
    if (!newest.equals(kept)) {
      breach(
          Breach.Kind.STALE,
          "%s retains %s instead of %s"
              .formatted(camera, EventLog.describe(kept), EventLog.describe(newest)));
    }
  }

  private void breach(Breach.Kind kind, String text) {
    breaches.add(new Breach(kind, text));
  }
}
