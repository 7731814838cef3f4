package chorale.evaluation.plan;

import java.util.List;
import java.util.Optional;

/**
 * A plan of tiers on the boards of a fleet. Times in milliseconds. Immutable.
 *
 * @param tierMillis for each tier, from its start to the reply of its slowest board
 * @param meanMillis response time, mean over the frames
 * @param worstMillis response time of a frame that reaches all tiers
 * @param rate frames per second at the limit of the busiest board
 * @param boards in the given order
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
   * A board with its assignment.
   *
   * @param work empty for an idle board, which can run no network of the plan in time
   */
  public record Seat(PlannedBoard board, Optional<Work> work) {}

  /**
   * The assignment of one board.
   *
   * @param tier from 1
   * @param millis from frame or ask to reply
   * @param meanMillis work per frame, mean over all frames of the site
   * @param accuracyWithout accuracy of the other boards if this one is lost; 0 if none remains
   */
  public record Work(
      String variant,
      int tier,
      double millis,
      double meanMillis,
      double megabytes,
      double accuracyWithout) {}
}
