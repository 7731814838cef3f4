package chorale.aggregator;

import chorale.aggregator.SiteModels.ClassList;
import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Thresholds;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Calibration;
import chorale.protocol.Failure;
import chorale.protocol.Ranked;
import chorale.protocol.Request;
import chorale.protocol.Result;
import chorale.protocol.Result.Answer;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.Origin;
import chorale.protocol.Result.Scored;
import chorale.protocol.Result.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A factory of results: for windows that close and for refused requests. Immutable.
 *
 * @param fusion name of the rule
 */
record ResultBuilder(ClosingRules rules, String fusion, Thresholds thresholds) {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MICROS_PER_MILLI = 1e3;

  /**
   * Builds the result of a decided window.
   *
   * @param nanos time of publication, by the aggregator's ticker
   * @param ts the same time, by the wall clock
   */
  Result decision(Window window, long nanos, Instant ts, Origin origin) {
    DecidedBy by = window.decision().orElseThrow();
    List<Vote> votes = ClosingRules.votes(window);
    FusionRule rule = rules.rule(window);
    Optional<Fused> fused = votes.isEmpty() ? Optional.empty() : Optional.of(rule.fuse(votes));
    Optional<Answer> answer = fused.map(each -> answer(window, each, rule.withstands(votes)));
    Request request = window.request();
    return new Result(
        request.key(),
        request.camera(),
        ts,
        fused.isEmpty() ? Status.NO_ANSWER : status(window, fused.get(), answer.get()),
        answer.isEmpty() && by == DecidedBy.ALL ? Optional.of(errors(window)) : Optional.empty(),
        answer,
        by,
        answered(window),
        missing(window, by == DecidedBy.BOUND || by == DecidedBy.QUORUM),
        window.silenced(),
        (nanos - window.openedNanos()) / NANOS_PER_MILLI,
        request.budgetMillis(),
        request.capturedAt(),
        request.refusedResponseTopic(),
        origin,
        false);
  }

  /** Returns the status; {@code unsure} has priority over missing votes. */
  private Status status(Window window, Fused fused, Answer answer) {
    if (thresholds.isUnsure(fused, answer.confidence())) {
      return Status.UNSURE;
    }
    return answer.missingClasses().isEmpty() && rules.isDecided(window)
        ? Status.ANSWERED
        : Status.PARTIAL;
  }

  /** Builds the result of a request that opens no window. */
  Result refusal(Request request, Failure why, Instant ts, Origin origin) {
    return new Result(
        request.key(),
        request.camera(),
        ts,
        Status.NO_ANSWER,
        Optional.of(why),
        Optional.empty(),
        DecidedBy.REQUEST,
        List.of(),
        List.of(),
        List.of(),
        0,
        request.budgetMillis(),
        request.capturedAt(),
        request.refusedResponseTopic(),
        origin,
        false);
  }

  private Answer answer(Window window, Fused fused, int withstands) {
    List<String> names = names(window);
    int shown = Math.min(fused.ranked().size(), window.request().k());
    List<Scored> topk = new ArrayList<>(shown);
    for (int i = 0; i < shown; i++) {
      Fused.Scored scored = fused.ranked().get(i);
      topk.add(new Scored(names.get(scored.index()), scored.index(), scored.score()));
    }
    Calibration calibration = window.classes().map(ClassList::calibration).orElse(Calibration.NONE);
    double mean = fused.meanProbability();
    return new Answer(
        names.get(fused.winner()),
        fused.winner(),
        calibration.apply(mean),
        mean,
        topk,
        fusion,
        withstands,
        missingClasses(window),
        window.shownTier());
  }

  /** Under class parallelism, returns the classes of the variants that did not vote. */
  private static List<String> missingClasses(Window window) {
    Set<Integer> answered = new HashSet<>();
    for (VariantState state : window.states()) {
      if (state.vote().isPresent()) {
        answered.addAll(state.group());
      }
    }
    List<String> names = names(window);
    return answered.isEmpty()
        ? List.of()
        : IntStream.range(0, names.size())
            .filter(index -> !answered.contains(index))
            .mapToObj(names::get)
            .toList();
  }

  private static List<Answered> answered(Window window) {
    if (window.votes() == 0) {
      return List.of();
    }
    List<String> names = names(window);
    List<Answered> answered = new ArrayList<>(window.votes());
    for (VariantState state : window.states()) {
      if (state.vote().isPresent()) {
        VariantState.Accepted accepted = state.vote().get();
        Ranked first = accepted.vote().first();
        long after = accepted.arrivedNanos() - window.openedNanos();
        answered.add(
            new Answered(
                accepted.reply().author().worker(),
                state.variant(),
                names.get(first.index()),
                first.probability(),
                accepted.reply().inferenceMicros() / MICROS_PER_MILLI,
                Math.max(0, after) / NANOS_PER_MILLI));
      }
    }
    return answered;
  }

  private static List<Missing> missing(Window window, boolean closedEarly) {
    if (window.votes() == window.states().size()) {
      return List.of();
    }
    List<Missing> missing = new ArrayList<>();
    for (VariantState state : window.states()) {
      if (state.vote().isEmpty()) {
        missing.add(new Missing(state.variant(), state.reason(closedEarly), state.error()));
      }
    }
    return missing;
  }

  /** Returns the class names, which are known for every window with a vote. */
  private static List<String> names(Window window) {
    return window.classes().orElseThrow().names();
  }

  /** Returns all distinct error codes, and the first detail in the order of variants. */
  private static Failure errors(Window window) {
    List<Failure> failures =
        window.states().stream().flatMap(state -> state.error().stream()).toList();
    return new Failure(
        failures.stream().map(Failure::code).distinct().collect(Collectors.joining(",")),
        failures.stream()
            .map(Failure::detail)
            .filter(detail -> !detail.isEmpty())
            .findFirst()
            .orElse(""));
  }
}
