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
 * Chooses which board runs which variant: first the best measured accuracy, then the fewest MACs,
 * then the earliest answer (of the slowest board, then of all). A board runs at most one variant,
 * and no variant runs twice: a second voice of the same variant is redundant. The search is exact,
 * so fleets are small. Stateless but for one call.
 */
public final class Planner {
  private static final int MAX_BOARDS = 8;

  private final MeasuredSet set;
  private final List<PlannedBoard> boards;
  private final Bounds bounds;
  private final double[][] millis;
  private final Placements placements;

  private Planner(MeasuredSet set, List<PlannedBoard> boards, Bounds bounds) {
    this.set = set;
    this.boards = boards;
    this.bounds = bounds;
    this.millis = millis();
    this.placements = Placements.bySlowest(millis, set.variants().size());
  }

  /**
   * @throws EvaluationException too many boards or none, two of one name, or none that can run
   *     anything in time
   */
  public static Plan plan(MeasuredSet set, List<PlannedBoard> boards, Bounds bounds)
      throws EvaluationException {
    if (boards.isEmpty() || boards.size() > MAX_BOARDS) {
      throw new EvaluationException(
          "%s boards (allowed: 1 to %s, because every placement is looked at)"
              .formatted(boards.size(), MAX_BOARDS));
    }
    if (new HashSet<>(boards.stream().map(PlannedBoard::name).toList()).size() < boards.size()) {
      throw new EvaluationException(
          "two boards of one name: " + boards.stream().map(PlannedBoard::name).toList());
    }
    return new Planner(set, boards, bounds).plan();
  }

  private double[][] millis() {
    return boards.stream()
        .map(
            board ->
                set.variants().stream()
                    .mapToDouble(
                        variant ->
                            bounds.allow(variant, board)
                                ? bounds.millis(variant, board)
                                : Double.POSITIVE_INFINITY)
                    .toArray())
        .toArray(double[][]::new);
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
    int[] placed = bySum.of(chosen);
    return new Plan(
        set.set(),
        bounds,
        combination(chosen),
        slowest,
        placements(chosen, placed),
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

  private List<Plan.Placement> placements(int chosen, int... placed) {
    List<Integer> byLoss =
        new ArrayList<>(
            IntStream.of(placed)
                .filter(variant -> variant >= 0)
                .boxed()
                .sorted(
                    Comparator.<Integer>comparingDouble(v -> set.accuracy(chosen & ~(1 << v)))
                        .thenComparing(v -> v))
                .toList());
    List<Plan.Placement> result = new ArrayList<>();
    for (int i = 0; i < placed.length; i++) {
      PlannedBoard board = boards.get(i);
      result.add(
          placed[i] < 0
              ? new Plan.Placement(board, Optional.empty(), spare(i, byLoss))
              : new Plan.Placement(
                  board, Optional.of(work(chosen, i, placed[i])), Optional.empty()));
    }
    return result;
  }

  private Plan.Work work(int chosen, int board, int variant) {
    List<PlannedBoard> left = new ArrayList<>(boards);
    left.remove(board);
    double anew =
        IntStream.range(1, 1 << set.variants().size())
            .filter(new Planner(set, left, bounds).placements::isPossible)
            .mapToDouble(set::accuracy)
            .max()
            .orElse(0);
    return new Plan.Work(
        set.variants().get(variant).id(),
        bounds.millis(set.variants().get(variant), boards.get(board)),
        bounds.megabytes(set.variants().get(variant)),
        set.accuracy(chosen & ~(1 << variant)),
        anew);
  }

  /** The most important variant that has no second board yet and can run on this one. */
  private Optional<String> spare(int board, List<Integer> byLoss) {
    for (int variant : byLoss) {
      if (millis[board][variant] < Double.POSITIVE_INFINITY) {
        byLoss.remove((Integer) variant);
        return Optional.of(set.variants().get(variant).id());
      }
    }
    return Optional.empty();
  }

  private String whyNot(int mask) {
    for (int variant = 0; variant < set.variants().size(); variant++) {
      if ((mask & 1 << variant) != 0 && !runsSomewhere(variant)) {
        return noBoard(set.variants().get(variant));
      }
    }
    int needed = Integer.bitCount(mask);
    return needed > boards.size()
        ? "it needs " + needed + " boards, there are " + boards.size()
        : "too few boards run its larger variants within the bounds";
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
        ? format("no board has the %.0f MB that %s takes", bounds.megabytes(variant), variant.id())
        : format(
            "%s takes %.1f ms even on %s, the deadline is %.1f ms",
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
