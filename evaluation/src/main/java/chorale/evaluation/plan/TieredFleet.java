package chorale.evaluation.plan;

import java.util.List;
import java.util.Optional;

/**
 * A plan of tiers on the boards of a fleet. Times are milliseconds. Immutable.
 *
 * @param tierMillis for each tier, from asking it to the reply of its slowest board
 * @param meanMillis response time, mean of the frames
 * @param worstMillis response time of a frame that all tiers are asked about
 * @param rate frames a second that the busiest board allows
 * @param boards in the order they were given
 */
public record TieredFleet(
    MeasuredTiers tiers,
    Bounds bounds,
    List<Double> tierMillis,
    double meanMillis,
    double worstMillis,
    double rate,
    List<Seat> boards) {
  public TieredFleet {
    tierMillis = List.copyOf(tierMillis);
    boards = List.copyOf(boards);
  }

  /**
   * One board.
   *
   * @param work what it runs; empty where it can run no network of the plan in time
   */
  public record Seat(PlannedBoard board, Optional<Work> work) {}

  /**
   * What a board runs.
   *
   * @param tier from 1
   * @param millis from frame or ask to reply
   * @param meanMillis that it works on a frame, mean of all frames
   * @param accuracyWithout of the others, when this board is lost; 0 when nobody is left
   */
  public record Work(
      String variant,
      int tier,
      double millis,
      double meanMillis,
      double megabytes,
      double accuracyWithout) {}
}
