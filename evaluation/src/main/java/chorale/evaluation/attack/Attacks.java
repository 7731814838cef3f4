package chorale.evaluation.attack;

import chorale.protocol.Fusion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The figures of all attacks on one model set. Shares are 0 to 1. Immutable.
 *
 * @param set its name
 * @param boards names of the boards, which are the set's variants
 * @param requests in each replay, except that of the still camera
 * @param rows by attack, number of liars and rule; rows without liars first
 * @param calm quarantines by self-checks when no board lies
 * @param searches results of the search for false certificates, by rule
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
   * The figures of one rule under one attack, over every choice of this number of liars.
   *
   * @param attack its label; {@value #NONE} without one
   * @param worst the choice of liars with the lowest accuracy
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
   * @param mean mean accuracy
   * @param honest accuracy of the honest boards alone under the default rule, for the choice of
   *     liars with the lowest accuracy
   * @param lost the largest difference, over the choices, between the accuracy of the honest boards
   *     alone and that of all boards
   * @param certified the lowest share of decisions that withstand this number of liars (without
   *     liars: that withstand one)
   * @param falsely certified decisions that the liars changed, over all choices
   */
  public record Choices(
      double accuracy, double mean, double honest, double lost, double certified, int falsely) {}

  /**
   * The effect of the self-checks on liars and on honest boards.
   *
   * @param after maximum number of requests from the first lie to the last liar's quarantine; empty
   *     if some liars were never found
   * @param honest number of honest boards quarantined, over all choices
   */
  public record Checks(OptionalInt after, int honest) {}

  /** The number of honest boards that self-checks quarantine without liars. */
  public record Calm(int requests, int quarantined) {}

  /**
   * The result of the search for false certificates of one rule.
   *
   * @param windows number of searched windows
   * @param certified windows that withstand at least one liar
   * @param falsely certified windows for which the search found a lie that changes the class
   */
  public record Searched(Fusion rule, int windows, int certified, int falsely) {}

  /**
   * Returns the row of a rule under an attack; empty if there are too few boards for this number of
   * liars.
   */
  Optional<Row> row(String attack, int liars, Fusion rule) {
    return rows.stream()
        .filter(row -> row.attack().equals(attack) && row.liars() == liars && row.rule() == rule)
        .findFirst();
  }

  int falsely() {
    return rows.stream().mapToInt(row -> row.over().falsely()).sum();
  }
}
