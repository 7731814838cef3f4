package chorale.cli.torture;

import chorale.evaluation.measurement.Quantiles;
import chorale.evaluation.report.JsonObject;
import chorale.protocol.Labels;
import chorale.site.faults.FaultKind;
import chorale.site.faults.FaultOutcome;
import chorale.site.faults.Verdict;
import chorale.site.faults.Verdict.Recovery;
import chorale.site.faults.Violation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A writer of a run's figures as JSON. Stateless. */
final class TortureJson {
  private static final int MOST_OF_A_KIND = 50;

  private TortureJson() {}

  static String write(FaultOutcome outcome) {
    Verdict verdict = outcome.verdict();
    JsonObject json =
        new JsonObject()
            .put("holds", verdict.holds())
            .put("seed", outcome.plan().seed())
            .put("broker", outcome.plan().broker())
            .put("rate", outcome.rate())
            .put("seconds", outcome.lasted().toMillis() / 1e3)
            .put("requests", verdict.requests())
            .put("results", verdict.results())
            .put("no_answer", verdict.noAnswers());
    for (Violation.Kind kind : Violation.Kind.values()) {
      json.put(Labels.of(kind), verdict.count(kind));
    }
    json.put("sent_twice", verdict.sentTwice());
    JsonObject excused = json.object("excused");
    new TreeMap<>(verdict.excused())
        .forEach((cause, count) -> excused.put(Labels.of(cause), count));
    json.put("rejoined", outcome.rejoined()).put("longest_pause_ms", outcome.longestPauseMillis());
    JsonObject faults = json.object("faults");
    Map<FaultKind, Recovery> recoveries = new TreeMap<>(verdict.recoveries());
    recoveries.forEach((kind, recovery) -> faults.put(Labels.of(kind), recovery.count()));
    quantiles(json, "latency_ms", verdict.latencies());
    quantiles(
        json,
        "recovery_ms",
        recoveries.values().stream().flatMap(each -> each.next().stream()).toList());
    JsonObject byFault = json.object("by_fault");
    recoveries.forEach(
        (kind, recovery) -> {
          JsonObject of = byFault.object(Labels.of(kind));
          quantiles(of, "recovery_ms", recovery.next());
          quantiles(of, "back_ms", recovery.back());
          quantiles(of, "whole_ms", recovery.whole());
          quantiles(of, "open_request_ms", recovery.open());
          quantiles(of, "open_request_after_will_ms", recovery.openAfterWill());
        });
    json.objects(
        "memory_mb",
        outcome.memory(),
        (of, memory) ->
            of.put("process", memory.process())
                .put("least", memory.least())
                .put("most", memory.most())
                .put("growth", memory.growth())
                .put("samples", memory.megabytes()));
    json.objects(
        "slowest",
        verdict.slowest(),
        (of, history) -> of.put("history", history.lines().map(String::strip).toList()));
    return json.objects(
            "violations",
            Stream.of(Violation.Kind.values()).flatMap(kind -> some(verdict, kind)).toList(),
            (of, violation) ->
                of.put("kind", Labels.of(violation.kind()))
                    .put("about", violation.about())
                    .put("history", violation.history().lines().map(String::strip).toList()))
        .text();
  }

  private static Stream<Violation> some(Verdict verdict, Violation.Kind kind) {
    return verdict.violations().stream().filter(each -> each.kind() == kind).limit(MOST_OF_A_KIND);
  }

  private static void quantiles(JsonObject json, String field, List<Double> millis) {
    JsonObject of = json.object(field).put("n", millis.size());
    if (!millis.isEmpty()) {
      of.put("p50", Quantiles.nearestRank(millis, .5))
          .put("p99", Quantiles.nearestRank(millis, .99))
          .put("max", Quantiles.nearestRank(millis, 1));
    }
  }
}
