package chorale.evaluation.attack;

import chorale.protocol.Fusion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The figures of all attacks on one model set. Shares are 0 to 1. Immutable.
 *
 * @param set its name
 * @param requests of each replay but those of a still camera
 * @param rows by attack, number of liars and rule; without liars first
 * @param calm what the checks of boards found while nobody lied
 * @param searches for false certificates, of each rule
 */
public record Attacks(
    String set,
    List<String> boards,
    int requests,
    List<Row> rows,
    Calm calm,
    List<Searched> searches) {
  public Attacks {
    boards = List.copyOf(boards);
    rows = List.copyOf(rows);
    searches = List.copyOf(searches);
  }

  /**
   * One rule under one attack, over every choice of so many liars.
   *
   * @param attack its label; {@value #NONE} without one
   * @param worst the choice with the lowest accuracy
   */
  public record Row(
      Fusion rule, String attack, int liars, Choices over, List<String> worst, Checks checks) {
    public static final String NONE = "none";

    public Row {
      worst = List.copyOf(worst);
    }
  }

  /**
   * Figures over all choices of liars.
   *
   * @param accuracy the lowest
   * @param mean accuracy
   * @param honest accuracy of the other boards alone under the default rule, for the choice of
   *     liars with the lowest accuracy
   * @param lost the most that is lost against the other boards alone
   * @param certified the lowest share of decisions that withstand as many liars as there are; where
   *     there are none, one
   * @param falsely certified decisions that were changed, over all choices
   */
  public record Choices(
      double accuracy, double mean, double honest, double lost, double certified, int falsely) {}

  /**
   * @param after requests from the first lie to the last liar's quarantine, at most; empty if some
   *     choice of liars was not found
   * @param honest boards that were quarantined, over all choices
   */
  public record Checks(OptionalInt after, int honest) {}

  /** Checks while nobody lies, and how many boards they quarantined. */
  public record Calm(int requests, int quarantined) {}

  /**
   * @param falsely certified windows, by search
   */
  public record Searched(Fusion rule, int windows, int certified, int falsely) {}

  /** The row of a rule under an attack, if so many boards can lie. */
  Optional<Row> row(String attack, int liars, Fusion rule) {
    return rows.stream()
        .filter(row -> row.attack().equals(attack) && row.liars() == liars && row.rule() == rule)
        .findFirst();
  }

  int falsely() {
    return rows.stream().mapToInt(row -> row.over().falsely()).sum();
  }
}
