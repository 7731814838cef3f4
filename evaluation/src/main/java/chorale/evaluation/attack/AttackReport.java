package chorale.evaluation.attack;

import static chorale.evaluation.report.TextFormat.format;

import chorale.evaluation.attack.Attacks.Searched;
import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.TextTable;
import chorale.protocol.Fusion;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Attacks as a Markdown document with plots. Stateless. */
public final class AttackReport {
  private static final List<Fusion> RULES = List.of(Fusion.values());

  private AttackReport() {}

  /**
   * @param source what the images are, for the reader
   */
  public static MarkdownReport of(Attacks attacks, String source) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "Lying boards against the model set " + attacks.set())
            .paragraph(
                format(
                    "%,d images from `%s`, in random order. Every network ran once on every image; the"
                        + " lies, windows and decisions are computed from these outputs, with the"
                        + " aggregator's own fusion. Windows wait for all votes, two classes each. Of"
                        + " %d boards, f lie: every choice of them was tried.",
                    attacks.requests(), source, attacks.boards().size()))
            .heading(2, "Attacks")
            .bullets(
                Arrays.stream(Attack.values())
                    .map(attack -> "`" + attack.label() + "`: " + attack.description())
                    .toList());
    accuracy(attacks, report);
    certified(attacks, report);
    checks(attacks, report);
    return report;
  }

  private static void accuracy(Attacks attacks, MarkdownReport report) {
    report
        .heading(2, "Accuracy")
        .paragraph(
            "In %, for the choice of liars that is worst for the rule. `honest`: the other boards"
                + " alone under the default rule, with the choice that is worst for the default."
                + " `checks`: requests from the first lie until the boards' checks against"
                + " themselves had quarantined all liars, whatever the choice; `-` where they never"
                + " did. Quarantine is left out of the accuracy.")
        .table(AttackText.accuracy(attacks, RULES, "checks"));
    for (Attack attack : List.of(Attack.RUNNER_UP, Attack.SLEEPERS)) {
      Plot plot = AttackCharts.accuracy(attacks, attack, AttackText.SHOWN);
      report
          .image("Accuracy over the number of liars, " + attack.label(), plot)
          .paragraph("[As SVG](" + plot.svg() + ")");
    }
    TextTable means = TextTable.of("attack", "f", "rule", "worst choice", "worst", "mean");
    for (Attacks.Row row : attacks.rows()) {
      if (row.rule() == Fusion.AGREEMENT && row.liars() > 0) {
        means.row(
            row.attack(),
            String.valueOf(row.liars()),
            row.rule().label(),
            String.join("+", row.worst()),
            format("%.2f", 100 * row.over().accuracy()),
            format("%.2f", 100 * row.over().mean()));
      }
    }
    report
        .heading(3, "The worst choice of liars and the mean of all")
        .table(means.leftColumns(0, 2, 3));
  }

  private static void certified(Attacks attacks, MarkdownReport report) {
    Plot plot = AttackCharts.certified(attacks, Attack.RUNNER_UP, AttackText.SHOWN);
    report
        .heading(2, "Certificates")
        .paragraph(
            "Decisions in % whose `withstands` is at least f (where nobody lies: at least 1), for the"
                + " worst choice of liars.")
        .table(AttackText.certified(attacks, RULES, all(attacks)))
        .image("Certified decisions over the number of liars", plot)
        .paragraph("[As SVG](" + plot.svg() + ")")
        .paragraph(
            "A certificate is false if the liars' true votes would give another class. The search"
                + " tries every choice of as many liars as a window withstands, and everything that"
                + " they may say: nothing, one class, or halves to two of those that were named.");
    TextTable table =
        TextTable.of("rule", "windows", "certified", "false, search", "false, replays");
    for (Searched each : attacks.searches()) {
      int replays =
          attacks.rows().stream()
              .filter(row -> row.rule() == each.rule())
              .mapToInt(row -> row.over().falsely())
              .sum();
      table.row(
          each.rule().label(),
          String.valueOf(each.windows()),
          String.valueOf(each.certified()),
          String.valueOf(each.falsely()),
          String.valueOf(replays));
    }
    report.table(table);
  }

  private static Set<String> all(Attacks attacks) {
    return attacks.rows().stream().map(Attacks.Row::attack).collect(Collectors.toSet());
  }

  private static void checks(Attacks attacks, MarkdownReport report) {
    report
        .heading(2, "Quarantine")
        .paragraph(
            format(
                "One request a second; each board is checked every %d s, ten times less often after"
                    + " ten right checks. Lies that are a fixed function of the image pass every check."
                    + " %s.",
                SelfChecks.EVERY.toSeconds(), capitalized(AttackText.calm(attacks))));
  }

  private static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
