package chorale.evaluation.attack;

import static chorale.evaluation.report.TextFormat.format;

import chorale.evaluation.attack.Attacks.Row;
import chorale.evaluation.attack.Attacks.Searched;
import chorale.evaluation.report.TextTable;
import chorale.protocol.Fusion;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** A writer of the terminal summary of attacks. Stateless. */
public final class AttackText {
  /** The rules in the terminal summary and the plots; the JSON has all. */
  static final List<Fusion> SHOWN =
      List.of(Fusion.SCALED_SUM, Fusion.RUN_OFF, Fusion.TRIMMED, Fusion.AGREEMENT);

  private static final Set<String> CERTIFIED = Set.of(Row.NONE, Attack.RUNNER_UP.label());

  private AttackText() {}

  /**
   * @param emphasis formats the line with the main result
   */
  public static List<String> lines(Attacks attacks, UnaryOperator<String> emphasis) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%s: %d boards, %d requests; accuracy in %% for the worst choice of liars",
            attacks.set(), attacks.boards().size(), attacks.requests()));
    lines.addAll(accuracy(attacks, SHOWN, "checks").lines("  "));
    lines.add("certified decisions (they withstand the liars), in %, worst choice");
    lines.addAll(certified(attacks, SHOWN, CERTIFIED).lines("  "));
    lines.add(emphasis.apply(certificates(attacks)));
    lines.add(calm(attacks));
    return lines;
  }

  /**
   * @param checks header of the last column
   */
  static TextTable accuracy(Attacks attacks, List<Fusion> rules, String checks) {
    List<String> header = header(rules, "f", "honest");
    header.add(checks);
    TextTable table = TextTable.of(header);
    for (Row first : firsts(attacks)) {
      List<String> cells = new ArrayList<>();
      cells.add(first.attack());
      cells.add(String.valueOf(first.liars()));
      cells.add(percent(first.over().honest()));
      cells.addAll(cells(attacks, first, rules, row -> row.over().accuracy()));
      OptionalInt after = first.checks().after();
      cells.add(after.isPresent() ? String.valueOf(after.getAsInt()) : "-");
      table.row(cells);
    }
    return table;
  }

  /**
   * @param shown labels of attacks
   */
  static TextTable certified(Attacks attacks, List<Fusion> rules, Set<String> shown) {
    TextTable table = TextTable.of(header(rules, "f"));
    for (Row first : firsts(attacks)) {
      if (!shown.contains(first.attack())) {
        continue;
      }
      List<String> cells = new ArrayList<>();
      cells.add(first.attack());
      cells.add(String.valueOf(first.liars()));
      cells.addAll(cells(attacks, first, rules, row -> row.over().certified()));
      table.row(cells);
    }
    return table;
  }

  private static List<String> header(List<Fusion> rules, String... first) {
    List<String> header = new ArrayList<>(List.of("attack"));
    header.addAll(List.of(first));
    rules.forEach(rule -> header.add(rule.label()));
    return header;
  }

  private static List<String> cells(
      Attacks attacks, Row of, List<Fusion> rules, ToDoubleFunction<Row> value) {
    return rules.stream()
        .map(rule -> attacks.row(of.attack(), of.liars(), rule).orElseThrow())
        .map(row -> percent(value.applyAsDouble(row)))
        .toList();
  }

  /** Returns one row for each attack and number of liars. */
  private static List<Row> firsts(Attacks attacks) {
    return attacks.rows().stream().filter(row -> row.rule() == Fusion.DEFAULT).toList();
  }

  static String certificates(Attacks attacks) {
    Searched first = attacks.searches().get(0);
    return format(
        "false certificates: %d in all replays; %d by exhaustive search in %d windows",
        attacks.falsely(),
        attacks.searches().stream().mapToInt(Searched::falsely).sum(),
        first.windows());
  }

  static String calm(Attacks attacks) {
    int honest = attacks.rows().stream().mapToInt(row -> row.checks().honest()).sum();
    return format(
        "honest boards quarantined: %d under attack, %d without (%,d requests)",
        honest / Fusion.values().length, attacks.calm().quarantined(), attacks.calm().requests());
  }

  private static String percent(double share) {
    return format("%.2f", 100 * share);
  }
}
