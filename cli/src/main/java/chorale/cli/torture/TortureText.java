package chorale.cli.torture;

import chorale.cli.Terminal;
import chorale.evaluation.measurement.Quantiles;
import chorale.evaluation.report.DistributionPlot;
import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.report.TextTable;
import chorale.protocol.Labels;
import chorale.site.faults.FaultOutcome;
import chorale.site.faults.FaultPlan;
import chorale.site.faults.Memory;
import chorale.site.faults.Verdict;
import chorale.site.faults.Verdict.Recovery;
import chorale.site.faults.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A formatter of a run as terminal lines and as a report. Stateless. */
final class TortureText {
  private static final int MOST_SHOWN = 10;

  private static final String RECOVERIES =
      "Next result: from the fault to the next result of a camera that the victim owned; for the"
          + " broker, from when it accepts connections again to the next answer. Back: from the"
          + " restart of a killed process until it announces itself; for the broker, from when it"
          + " accepts connections until each service announces itself; for reconnect, until all"
          + " clients are connected. Site whole: until all services are ready. Open requests:"
          + " requests that the victim left unanswered, from the fault to their result. After the"
          + " will: the same, from the victim's last will.";

  private TortureText() {}

  static String plan(FaultPlan plan) {
    return Terminal.format(
        "seed %d: %d aggregators, workers %s, %d cameras, %s frames/s, broker %s, faults %s",
        plan.seed(),
        plan.group().aggregators(),
        String.join(" ", plan.group().variants()),
        plan.load().cameras(),
        plan.load().rate().isPresent()
            ? Terminal.format("%.0f", plan.load().rate().getAsDouble())
            : Terminal.format("%.0f %% of the possible", 100 * FaultPlan.SHARE),
        plan.broker(),
        plan.isSoak() ? "none" : faults(plan));
  }

  private static String faults(FaultPlan plan) {
    return new TreeMap<>(plan.faults())
        .entrySet().stream()
            .map(
                each ->
                    Labels.of(each.getKey()) + (each.getValue() > 0 ? " x" + each.getValue() : ""))
            .collect(Collectors.joining(", "));
  }

  static List<String> lines(FaultOutcome outcome) {
    List<String> lines = new ArrayList<>(List.of(""));
    TextTable table =
        outcome.plan().isSoak() ? memory(outcome.memory()) : recoveries(outcome.verdict());
    lines.addAll(table.lines(""));
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
            "requests %d, results %d (%d without an answer), sent twice %d, in %.0f s",
            verdict.requests(),
            verdict.results(),
            verdict.noAnswers(),
            verdict.sentTwice(),
            outcome.lasted().toMillis() / 1e3),
        "excused requests without a result in time: "
            + (verdict.excused().isEmpty()
                ? "none"
                : new TreeMap<>(verdict.excused())
                    .entrySet().stream()
                        .map(each -> Labels.of(each.getKey()) + " " + each.getValue())
                        .collect(Collectors.joining(", "))),
        "from frame to result: " + quantiles(verdict.latencies()),
        Terminal.format(
            "load of this machine: frames were published up to %d ms late; aggregators rejoined"
                + " %d times without an injected fault",
            outcome.longestPauseMillis(), outcome.rejoined()));
  }

  /** Returns the last line: HOLDS or BROKEN, and the count of each violation. */
  private static String verdict(FaultOutcome outcome) {
    List<String> counts = new ArrayList<>();
    for (Violation.Kind kind : Violation.Kind.values()) {
      counts.add(Labels.of(kind) + " " + outcome.verdict().count(kind));
    }
    return (outcome.verdict().holds() ? "HOLDS: " : "BROKEN: ") + String.join(", ", counts);
  }

  private static TextTable recoveries(Verdict verdict) {
    TextTable table =
        TextTable.of(
                "fault",
                "n",
                "next result",
                "back",
                "site whole",
                "open requests",
                "after the will")
            .leftColumns(0, 2, 3, 4, 5, 6);
    for (Map.Entry<?, Recovery> each : new TreeMap<>(verdict.recoveries()).entrySet()) {
      Recovery recovery = each.getValue();
      table.row(
          Labels.of((Enum<?>) each.getKey()),
          String.valueOf(recovery.count()),
          quantiles(recovery.next()),
          quantiles(recovery.back()),
          quantiles(recovery.whole()),
          quantiles(recovery.open()),
          quantiles(recovery.openAfterWill()));
    }
    return table;
  }

  private static TextTable memory(List<Memory> memory) {
    TextTable table = TextTable.of("process", "memory, MB: least", "most", "growth");
    for (Memory each : memory) {
      table.row(
          each.process(),
          Terminal.format("%.1f", each.least()),
          Terminal.format("%.1f", each.most()),
          Terminal.format("%.1f %%", 100 * each.growth()));
    }
    return table;
  }

  private static String quantiles(List<Double> millis) {
    return millis.isEmpty()
        ? "-"
        : Terminal.format(
            "p50 %.0f, max %.0f ms (%d)",
            Quantiles.nearestRank(millis, .5), Quantiles.nearestRank(millis, 1), millis.size());
  }

  static MarkdownReport report(FaultOutcome outcome) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, outcome.plan().isSoak() ? "A soak" : "A site under faults")
            .paragraph("Made by `./chorale torture`, " + plan(outcome.plan()) + ".")
            .paragraph("**" + verdict(outcome) + "**")
            .bullets(summary(outcome));
    if (outcome.plan().isSoak()) {
      report.table(memory(outcome.memory()));
    } else {
      report
          .table(recoveries(outcome.verdict()))
          .paragraph(RECOVERIES)
          .image("Faults and requests over time", TorturePlot.of(outcome.timeline()));
    }
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
