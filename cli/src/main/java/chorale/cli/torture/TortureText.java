package chorale.cli.torture;

import chorale.cli.Terminal;
import chorale.evaluation.measurement.Quantiles;
import chorale.evaluation.report.DistributionPlot;
import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.report.TextTable;
import chorale.protocol.Labels;
import chorale.site.faults.FaultOutcome;
import chorale.site.faults.FaultPlan;
import chorale.site.faults.Verdict;
import chorale.site.faults.Verdict.Recovery;
import chorale.site.faults.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A run for people: lines on a terminal, and a report. Stateless. */
final class TortureText {
  private static final int MOST_SHOWN = 10;

  private TortureText() {}

  static String plan(FaultPlan plan) {
    return Terminal.format(
        "seed %d: %d aggregators, workers %s, %d cameras, %.0f frames/s, broker %s, faults %s",
        plan.seed(),
        plan.group().aggregators(),
        String.join(" ", plan.group().variants()),
        plan.load().cameras(),
        plan.load().rate(),
        plan.broker(),
        new TreeMap<>(plan.faults())
            .entrySet().stream()
                .map(
                    each ->
                        Labels.of(each.getKey())
                            + (each.getValue() > 0 ? " x" + each.getValue() : ""))
                .collect(Collectors.joining(", ")));
  }

  static List<String> lines(FaultOutcome outcome) {
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(recoveries(outcome.verdict()).lines(""));
    lines.add("");
    lines.addAll(summary(outcome));
    List<Violation> violations = outcome.verdict().violations();
    for (Violation each : violations.subList(0, Math.min(MOST_SHOWN, violations.size()))) {
      lines.add("");
      lines.add(title(each));
      each.history().lines().forEach(lines::add);
    }
    lines.add("");
    lines.add(verdict(outcome));
    return lines;
  }

  private static String title(Violation violation) {
    return Labels.of(violation.kind()) + ": " + violation.about();
  }

  private static List<String> summary(FaultOutcome outcome) {
    Verdict verdict = outcome.verdict();
    return List.of(
        Terminal.format(
            "requests %d, results %d (%d without an answer), told twice %d, in %.0f s",
            verdict.requests(),
            verdict.results(),
            verdict.noAnswers(),
            verdict.toldTwice(),
            outcome.lasted().toMillis() / 1e3),
        "without a result in time, excused: "
            + (verdict.excused().isEmpty()
                ? "none"
                : new TreeMap<>(verdict.excused())
                    .entrySet().stream()
                        .map(each -> Labels.of(each.getKey()) + " " + each.getValue())
                        .collect(Collectors.joining(", "))),
        "from frame to result: " + quantiles(verdict.latencies()),
        Terminal.format(
            "this machine: a frame was up to %d ms late, aggregators joined anew without a fault:"
                + " %d",
            outcome.longestPauseMillis(), outcome.rejoined()));
  }

  /** The last line. */
  private static String verdict(FaultOutcome outcome) {
    List<String> counts = new ArrayList<>();
    for (Violation.Kind kind : Violation.Kind.values()) {
      counts.add(Labels.of(kind) + " " + outcome.verdict().count(kind));
    }
    return (outcome.verdict().holds() ? "HOLDS: " : "BROKEN: ") + String.join(", ", counts);
  }

  private static TextTable recoveries(Verdict verdict) {
    TextTable table =
        TextTable.of("fault", "n", "until the next result", "open requests", "after the will")
            .leftColumns(0, 2, 3, 4);
    for (Map.Entry<?, Recovery> each : new TreeMap<>(verdict.recoveries()).entrySet()) {
      Recovery recovery = each.getValue();
      table.row(
          Labels.of((Enum<?>) each.getKey()),
          String.valueOf(recovery.count()),
          quantiles(recovery.next()),
          quantiles(recovery.open()),
          quantiles(recovery.openAfterWill()));
    }
    return table;
  }

  private static String quantiles(List<Double> millis) {
    return millis.isEmpty()
        ? "-"
        : Terminal.format(
            "p50 %.0f, p99 %.0f, max %.0f ms (%d)",
            Quantiles.nearestRank(millis, .5),
            Quantiles.nearestRank(millis, .99),
            Quantiles.nearestRank(millis, 1),
            millis.size());
  }

  static MarkdownReport report(FaultOutcome outcome) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "A group of aggregators under faults")
            .paragraph("Made by `./chorale torture`, " + plan(outcome.plan()) + ".")
            .paragraph("**" + verdict(outcome) + "**")
            .bullets(summary(outcome))
            .table(recoveries(outcome.verdict()));
    if (!outcome.verdict().latencies().isEmpty()) {
      report.image(
          "Time from frame to result",
          DistributionPlot.of(
              "latency", "From frame to result", Map.of("all", outcome.verdict().latencies())));
    }
    report.heading(2, "The slowest requests");
    outcome.verdict().slowest().forEach(report::code);
    for (Violation each : outcome.verdict().violations()) {
      report.heading(2, title(each)).code(each.history());
    }
    return report;
  }
}
