package chorale.evaluation.plan;

import chorale.evaluation.Combination;
import chorale.protocol.Strategy;
import java.util.List;
import java.util.Optional;

/**
 * Which board runs which variant, and why. Accuracies are those measured. Immutable.
 *
 * @param strategy that its networks are made for
 * @param chosen what runs
 * @param responseMillis of the slowest board that runs something
 * @param rate frames a second that all chosen variants can answer
 * @param limiting the variant that limits it
 * @param placements one for each board, in the order they were given
 * @param possible combinations that the boards can run within the bounds
 * @param combinations of all variants
 * @param next the best possible one besides the chosen
 * @param beyond the best one of all that would be more accurate, and cannot run
 */
public record Plan(
    String set,
    Strategy strategy,
    Bounds bounds,
    Combination chosen,
    double responseMillis,
    double rate,
    String limiting,
    List<Placement> placements,
    int possible,
    int combinations,
    Optional<Combination> next,
    Optional<Beyond> beyond) {

  /**
   * One board.
   *
   * @param work what it runs; empty where it can run nothing within the bounds that helps
   */
  public record Placement(PlannedBoard board, Optional<Work> work) {}

  /**
   * What a board runs.
   *
   * @param duty why it runs that
   * @param millis from frame to reply
   * @param megabytes the worker takes
   * @param accuracyWithout of the others, when this board is lost; 0 when nobody is left
   * @param accuracyAnew of the best plan for the boards that are left; 0 when there is none
   */
  public record Work(
      String variant,
      Duty duty,
      double millis,
      double megabytes,
      double accuracyWithout,
      double accuracyAnew) {}

  /** Why a board runs its variant. */
  public enum Duty {
    /** The variant is of the most accurate combination. */
    CHOSEN,
    /** Another board runs the same variant already, and they share the frames. */
    REPLICA,
    /** It can run none of that combination in time, and answers if another board is lost. */
    RESERVE
  }

  /** A combination that cannot run, and why. */
  public record Beyond(Combination combination, String reason) {}

  public Plan {
    placements = List.copyOf(placements);
  }
}
