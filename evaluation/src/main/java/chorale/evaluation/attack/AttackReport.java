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

/** A writer of the Markdown report of attacks, with plots. Stateless. */
public final class AttackReport {
  private static final List<Fusion> RULES = List.of(Fusion.values());

  private AttackReport() {}

  /**
   * @param source origin of the images, shown to the reader
   */
  public static MarkdownReport of(Attacks attacks, String source) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "Lying boards against the model set " + attacks.set())
            .paragraph(
                format(
                    "%,d images from `%s`, in random order. Every network classified every image"
                        + " once. Lies, windows and decisions are computed from these outputs with"
                        + " the aggregator's fusion. Windows wait for all votes, two classes each."
                        + " Of %d boards, f lie; every choice of liars is evaluated.",
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
            "In %, for the worst choice of liars for each rule. `honest`: the honest boards"
                + " alone under the default rule, for the choice of liars that is worst for this"
                + " rule."
                + " `checks`: requests from the first lie until the self-checks"
                + " have quarantined all liars, maximum over all choices; `-` if some liars are"
                + " never found. The accuracy does not include quarantine.")
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
        .heading(3, "Worst choice of liars and mean over all choices")
        .table(means.leftColumns(0, 2, 3));
  }

  private static void certified(Attacks attacks, MarkdownReport report) {
    Plot plot = AttackCharts.certified(attacks, Attack.RUNNER_UP, AttackText.SHOWN);
    report
        .heading(2, "Certificates")
        .paragraph(
            "Decisions in % with a `withstands` of at least f (without liars: at least 1), for the"
                + " worst choice of liars.")
        .table(AttackText.certified(attacks, RULES, all(attacks)))
        .image("Certified decisions over the number of liars", plot)
        .paragraph("[As SVG](" + plot.svg() + ")")
        .paragraph(
            "A certificate is false if the liars' true votes give another class. The search"
                + " tries every choice of as many liars as a window withstands, and all their"
                + " possible votes: no vote, probability 1 for one class, or probability 0.5 each"
                + " for two classes in the votes.");
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
                "1 request/s; each board is checked every %d s, and 10 times less often after"
                    + " 10 passed checks. Lies that depend only on the image pass every check."
                    + " %s.",
                SelfChecks.EVERY.toSeconds(), capitalized(AttackText.calm(attacks))));
  }

  private static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
