package chorale.evaluation.plan;

import static chorale.evaluation.report.TextFormat.format;

import chorale.evaluation.Combination;
import chorale.evaluation.EvaluationException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A planner for the assignment of variants to boards. It maximizes the measured accuracy; ties go
 * to the fewest MACs, then to the fastest reply of the slowest board, then to the smallest sum of
 * times. This search is exact; a board runs at most one variant. Remaining boards become replicas
 * of the slowest variants ({@link Replication}). Boards that are too slow for these run other
 * variants ({@link Reserves}). Not thread-safe; one instance per plan.
 */
public final class Planner {
  private static final int MAX_BOARDS = 64;

  private final MeasuredSet set;
  private final List<PlannedBoard> boards;
  private final Bounds bounds;
  private final double[][] millis;
  private final Placements placements;

  private Planner(MeasuredSet set, List<PlannedBoard> boards, Bounds bounds) {
    this.set = set;
    this.boards = boards;
    this.bounds = bounds;
    this.millis = bounds.millis(set.variants(), boards);
    this.placements = Placements.bySlowest(millis, set.variants().size());
  }

  /**
   * @throws EvaluationException if there are no or too many boards, duplicate names, or no board
   *     that runs any variant in time
   */
  public static Plan plan(MeasuredSet set, List<PlannedBoard> boards, Bounds bounds)
      throws EvaluationException {
    requireBoards(boards);
    return new Planner(set, boards, bounds).plan();
  }

  static void requireBoards(List<PlannedBoard> boards) throws EvaluationException {
    if (boards.isEmpty() || boards.size() > MAX_BOARDS) {
      throw new EvaluationException(
          "%s boards (allowed: 1 to %s)".formatted(boards.size(), MAX_BOARDS));
    }
    if (new HashSet<>(boards.stream().map(PlannedBoard::name).toList()).size() < boards.size()) {
      throw new EvaluationException(
          "duplicate board names: " + boards.stream().map(PlannedBoard::name).toList());
    }
  }

  private Plan plan() throws EvaluationException {
    List<Integer> all =
        IntStream.range(1, 1 << set.variants().size()).boxed().sorted(bestFirst()).toList();
    List<Integer> possible = all.stream().filter(placements::isPossible).toList();
    if (possible.isEmpty()) {
      throw new EvaluationException(nothingFits());
    }
    double slowest = placements.cost(possible.get(0));
    Placements bySum = Placements.bySum(millis, set.variants().size(), slowest);
    int chosen =
        possible.stream()
            .takeWhile(mask -> bestFirst().compare(mask, possible.get(0)) == 0)
            .min(Comparator.<Integer>comparingDouble(bySum::cost).thenComparing(mask -> mask))
            .orElseThrow();
    int[] first = bySum.of(chosen);
    int[] placed = first.clone();
    var unused = Replication.complete(bounds.workMillis(millis), set.variants().size(), placed);
    int[] replicated = placed.clone();
    Reserves.complete(set, millis, placed);
    Replication replicas =
        Replication.complete(bounds.workMillis(millis), set.variants().size(), placed);
    int limiting = replicas.limiting();
    List<Plan.Placement> result = placements(first, replicated, placed);
    return new Plan(
        set.set(),
        set.strategy(),
        bounds,
        combination(Reserves.mask(placed)),
        result.stream()
            .flatMap(each -> each.work().stream())
            .mapToDouble(Plan.Work::millis)
            .max()
            .orElse(slowest),
        replicas.rate(limiting),
        set.variants().get(limiting).id(),
        result,
        possible.size(),
        all.size(),
        possible.stream().filter(mask -> mask != chosen).findFirst().map(this::combination),
        all.stream()
            .filter(mask -> !placements.isPossible(mask))
            .filter(mask -> set.accuracy(mask) > set.accuracy(chosen))
            .findFirst()
            .map(mask -> new Plan.Beyond(combination(mask), whyNot(mask))));
  }

  private Comparator<Integer> bestFirst() {
    return Comparator.<Integer>comparingDouble(mask -> -set.accuracy(mask))
        .thenComparingLong(set::macs)
        .thenComparingDouble(placements::cost);
  }

  private Combination combination(int mask) {
    return new Combination(set.ids(mask), set.accuracy(mask), set.macs(mask));
  }

  /**
   * @param first variants of the chosen combination alone
   * @param replicated the same with replicas
   */
  private List<Plan.Placement> placements(int[] first, int[] replicated, int[] placed) {
    List<Plan.Placement> result = new ArrayList<>();
    for (int i = 0; i < placed.length; i++) {
      result.add(
          new Plan.Placement(
              boards.get(i),
              placed[i] < 0
                  ? Optional.empty()
                  : Optional.of(work(i, duty(first[i] >= 0, replicated[i] >= 0), placed))));
    }
    return result;
  }

  private static Plan.Duty duty(boolean chosen, boolean replicated) {
    return chosen ? Plan.Duty.CHOSEN : replicated ? Plan.Duty.REPLICA : Plan.Duty.RESERVE;
  }

  private Plan.Work work(int board, Plan.Duty duty, int... placed) {
    List<PlannedBoard> left = new ArrayList<>(boards);
    left.remove(board);
    double anew =
        IntStream.range(1, 1 << set.variants().size())
            .filter(new Planner(set, left, bounds).placements::isPossible)
            .mapToDouble(set::accuracy)
            .max()
            .orElse(0);
    int without = Reserves.maskWithout(board, placed);
    MeasuredSet.Variant variant = set.variants().get(placed[board]);
    return new Plan.Work(
        variant.id(),
        duty,
        bounds.millis(variant, boards.get(board)),
        bounds.megabytes(variant),
        set.accuracy(without),
        anew);
  }

  private String whyNot(int mask) {
    for (int variant = 0; variant < set.variants().size(); variant++) {
      if ((mask & 1 << variant) != 0 && !runsSomewhere(variant)) {
        return noBoard(set.variants().get(variant));
      }
    }
    int needed = Integer.bitCount(mask);
    return needed > boards.size()
        ? "it needs " + needed + " boards, but there are " + boards.size()
        : "too few boards can run its larger variants within the bounds";
  }

  private boolean runsSomewhere(int variant) {
    for (double[] row : millis) {
      if (row[variant] < Double.POSITIVE_INFINITY) {
        return true;
      }
    }
    return false;
  }

  private String noBoard(MeasuredSet.Variant variant) {
    Optional<PlannedBoard> fastest =
        boards.stream()
            .filter(board -> bounds.fits(variant, board))
            .min(Comparator.comparingDouble(PlannedBoard::factor));
    return fastest.isEmpty()
        ? format(
            "no board has the %.0f MB of memory for %s", bounds.megabytes(variant), variant.id())
        : format(
            "%s takes %.1f ms on the fastest board %s, above the deadline of %.1f ms",
            variant.id(),
            bounds.millis(variant, fastest.get()),
            fastest.get().name(),
            bounds.deadlineMillis());
  }

  private String nothingFits() {
    MeasuredSet.Variant lightest =
        set.variants().stream()
            .min(Comparator.comparingDouble(each -> each.prepareMillis() + each.inferenceMillis()))
            .orElseThrow();
    return "no board can run any variant within the bounds: " + noBoard(lightest);
  }
}
