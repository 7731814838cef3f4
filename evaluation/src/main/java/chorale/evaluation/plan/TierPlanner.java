package chorale.evaluation.plan;

import static chorale.evaluation.report.TextFormat.format;

import chorale.evaluation.EvaluationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A planner for the assignment of a tier plan's networks to boards. The slowest network gets the
 * board that runs it fastest. The others are placed to minimize the time of the slowest board, then
 * the sum of times. Remaining boards become replicas ({@link Replication}). Not thread-safe; one
 * instance per plan.
 */
public final class TierPlanner {
  private final MeasuredTiers tiers;
  private final List<PlannedBoard> boards;
  private final Bounds bounds;

  /** By board and network; infinite if the board may not run the network. */
  private final double[][] millis;

  private TierPlanner(MeasuredTiers tiers, List<PlannedBoard> boards, Bounds bounds) {
    this.tiers = tiers;
    this.boards = boards;
    this.bounds = bounds;
    this.millis = bounds.millis(tiers.networks(), boards);
  }

  /**
   * @throws EvaluationException if the boards cannot run all networks of the plan within the bounds
   */
  public static TieredFleet plan(MeasuredTiers tiers, List<PlannedBoard> boards, Bounds bounds)
      throws EvaluationException {
    Planner.requireBoards(boards);
    return new TierPlanner(tiers, boards, bounds).plan();
  }

  private TieredFleet plan() throws EvaluationException {
    int networks = tiers.networks().size();
    int heaviest =
        IntStream.range(0, networks)
            .reduce((one, other) -> work(other) >= work(one) ? other : one)
            .orElseThrow();
    int strongest =
        IntStream.range(0, boards.size())
            .reduce((one, other) -> millis[other][heaviest] < millis[one][heaviest] ? other : one)
            .orElseThrow();
    int[] placed = others(heaviest, strongest);
    double[][] working = bounds.workMillis(millis);
    var unused = Replication.complete(working, networks, placed);
    return fleet(working, placed);
  }

  private double work(int network) {
    MeasuredSet.Variant measured = tiers.networks().get(network);
    return measured.prepareMillis() + measured.inferenceMillis();
  }

  /** Places each network on a different board. */
  private int[] others(int heaviest, int strongest) throws EvaluationException {
    double[][] fixed = new double[millis.length][];
    for (int board = 0; board < fixed.length; board++) {
      int own = board;
      fixed[board] =
          IntStream.range(0, millis[board].length)
              .mapToDouble(
                  network ->
                      (network == heaviest) == (own == strongest)
                          ? millis[own][network]
                          : Double.POSITIVE_INFINITY)
              .toArray();
    }
    int networks = tiers.networks().size();
    int all = (1 << networks) - 1;
    Placements placements = Placements.bySlowest(fixed, networks);
    if (!placements.isPossible(all)) {
      throw new EvaluationException(
          format(
              "tiers %s: %d boards (needed: a board for each of %d networks that runs it in %.1f ms"
                  + " and has enough memory)",
              tiers.plan().label(), boards.size(), networks, bounds.deadlineMillis()));
    }
    return Placements.bySum(fixed, networks, placements.cost(all)).of(all);
  }

  private TieredFleet fleet(double[][] working, int... placed) {
    int count = tiers.plan().tiers().size();
    List<Double> tierMillis = new ArrayList<>(Collections.nCopies(count, 0.0));
    List<TieredFleet.Seat> seats = new ArrayList<>();
    double busiest = 0;
    for (int board = 0; board < placed.length; board++) {
      int network = placed[board];
      if (network < 0) {
        seats.add(new TieredFleet.Seat(boards.get(board), Optional.empty()));
      } else {
        int tier = tiers.tier(network);
        tierMillis.set(tier, Math.max(tierMillis.get(tier), millis[board][network]));
        double speed =
            IntStream.range(0, placed.length)
                .filter(each -> placed[each] == network)
                .mapToDouble(each -> 1 / working[each][network])
                .sum();
        // Replicas share the frames in proportion to their speed.
        double mean = tiers.reached().get(tier) / speed;
        busiest = Math.max(busiest, mean);
        seats.add(
            new TieredFleet.Seat(
                boards.get(board), Optional.of(seat(board, network, mean, placed))));
      }
    }
    double mean =
        IntStream.range(0, count)
            .mapToDouble(tier -> tiers.reached().get(tier) * tierMillis.get(tier))
            .sum();
    return new TieredFleet(
        tiers,
        bounds,
        tierMillis,
        mean,
        tierMillis.stream().mapToDouble(each -> each).sum(),
        1_000 / busiest,
        seats);
  }

  private TieredFleet.Work seat(int board, int network, double mean, int... placed) {
    MeasuredSet.Variant variant = tiers.networks().get(network);
    boolean hasReplica = Arrays.stream(placed).filter(each -> each == network).count() > 1;
    return new TieredFleet.Work(
        variant.id(),
        tiers.tier(network) + 1,
        millis[board][network],
        mean,
        bounds.megabytes(variant),
        hasReplica ? tiers.accuracy() : tiers.without().getOrDefault(variant.id(), 0.0));
  }
}
