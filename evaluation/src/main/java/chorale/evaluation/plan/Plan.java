package chorale.evaluation.plan;

import chorale.evaluation.Combination;
import chorale.protocol.Strategy;
import java.util.List;
import java.util.Optional;

/**
 * An assignment of variants to boards, with reasons. Accuracies are measured ones. Immutable.
 *
 * @param strategy of its networks
 * @param chosen the combination of all variants that run
 * @param responseMillis of the slowest board with a variant
 * @param rate frames per second that all chosen variants can answer
 * @param limiting the variant that limits the rate
 * @param placements one per board, in the given order
 * @param possible number of combinations that the boards can run within the bounds
 * @param combinations number of all combinations
 * @param next the second best of the possible combinations
 * @param beyond the best combination that is more accurate than the chosen one but cannot run
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
   * A board with its assignment.
   *
   * @param work empty for an idle board: no variant fits the bounds, or none helps
   */
  public record Placement(PlannedBoard board, Optional<Work> work) {}

  /**
   * The assignment of one board.
   *
   * @param duty reason for the variant
   * @param millis from frame to reply
   * @param megabytes memory of the worker
   * @param accuracyWithout accuracy of the other boards if this one is lost; 0 if none remains
   * @param accuracyAnew accuracy if the other boards are planned again; 0 if they can run no
   *     variant
   */
  public record Work(
      String variant,
      Duty duty,
      double millis,
      double megabytes,
      double accuracyWithout,
      double accuracyAnew) {}

  /** The reason for a board's variant. */
  public enum Duty {
    /** The variant belongs to the most accurate combination. */
    CHOSEN,
    /** Another board runs the same variant; they share the frames. */
    REPLICA,
    /**
     * The board is too slow for that combination's variants; its variant helps if another board is
     * lost.
     */
    RESERVE
  }

  /** A combination that cannot run, and the reason. */
  public record Beyond(Combination combination, String reason) {}

  public Plan {
    placements = List.copyOf(placements);
  }
}
