package chorale.evaluation.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.evaluation.Combination;
import chorale.evaluation.EvaluationException;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PlannerTest {
  private static final Bounds LOOSE = new Bounds(1_000, 0, 150);

  /** A: 10 ms, B: 20 ms, C: 40 ms; pairs are more accurate than single ones, all three most. */
  private static final MeasuredSet ABC =
      new MeasuredSet(
          "made",
          Strategy.VARIANT,
          List.of(variant("A", 10), variant("B", 20), variant("C", 40)),
          Map.of(1, .70, 2, .75, 3, .80, 4, .78, 5, .82, 6, .84, 7, .85));

  @Test
  void plan_enoughBoards_runsAllWithTheHeaviestOnTheFastest() throws Exception {
    Plan plan =
        Planner.plan(ABC, List.of(board("slow", 4), board("fast", 1), board("mid", 2)), LOOSE);

    assertEquals(List.of("A", "C", "B"), runs(plan));
    assertEquals(new Combination(List.of("A", "B", "C"), .85, 70_000), plan.chosen());
    assertEquals(40, plan.responseMillis());
    assertEquals(7, plan.possible());
  }

  @Test
  void plan_lostBoard_hasTheMeasuredLoss() throws Exception {
    Plan plan =
        Planner.plan(ABC, List.of(board("slow", 4), board("fast", 1), board("mid", 2)), LOOSE);

    Plan.Work slow = plan.placements().get(0).work().orElseThrow();
    assertEquals(.84, slow.accuracyWithout(), "B and C remain");
    Plan.Work fast = plan.placements().get(1).work().orElseThrow();
    assertEquals(.80, fast.accuracyWithout(), "A and B remain");
    assertEquals(.84, fast.accuracyAnew(), "in a new plan, slow and mid run B and C");
  }

  @Test
  void plan_replyExactlyAtTheDeadline_isInTime() throws Exception {
    assertEquals(
        List.of("C"), runs(Planner.plan(ABC, List.of(board("b", 2)), new Bounds(85, 5, 0))));
    assertEquals(
        List.of("B"), runs(Planner.plan(ABC, List.of(board("b", 2)), new Bounds(84.9, 5, 0))));
  }

  @Test
  void plan_tightDeadline_reportsABetterCombinationWithReason() throws Exception {
    Plan plan =
        Planner.plan(
            ABC,
            List.of(board("one", 1), board("two", 1), board("three", 1)),
            new Bounds(30, 5, 0));

    assertEquals(List.of("A", "B"), plan.chosen().variants());
    Plan.Beyond beyond = plan.beyond().orElseThrow();
    assertEquals(List.of("A", "B", "C"), beyond.combination().variants());
    assertEquals(
        "C takes 45.0 ms on the fastest board one, above the deadline of 30.0 ms", beyond.reason());
  }

  @Test
  void plan_littleMemory_excludesLargeModels() throws Exception {
    PlannedBoard small = new PlannedBoard("small", 1, OptionalDouble.of(160)); // B takes 150 + 20
    Plan plan = Planner.plan(ABC, List.of(small), LOOSE);

    assertEquals(List.of("A"), runs(plan));
    assertEquals(
        "no board has the 190 MB of memory for C",
        Planner.plan(ABC, List.of(small, small("x")), LOOSE).beyond().orElseThrow().reason());
  }

  @Test
  void plan_equallyAccurate_choosesFewestMacs() throws Exception {
    MeasuredSet flat =
        new MeasuredSet(
            "made",
            Strategy.VARIANT,
            List.of(variant("A", 10), variant("B", 20)),
            Map.of(1, .8, 2, .8, 3, .8));

    Plan plan = Planner.plan(flat, List.of(board("one", 1)), LOOSE);

    assertEquals(List.of("A"), runs(plan));
  }

  // ---- replicas

  @Test
  void plan_moreBoardsThanVariants_replicatesTheSlowest() throws Exception {
    List<PlannedBoard> boards = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      boards.add(board("b" + i, 1));
    }
    Plan plan = Planner.plan(ABC, boards, LOOSE);

    // A: 10 ms; B: 20 ms; C: 40 ms. Replicas: C, C, then B or C, because both answer 50 frames/s.
    assertEquals(1, runs(plan).stream().filter("A"::equals).count());
    assertEquals(2, runs(plan).stream().filter("B"::equals).count());
    assertEquals(4, runs(plan).stream().filter("C"::equals).count());
    // Each of the four boards answers a quarter of 49 in 50 frames, and all of the others.
    assertEquals(1_000 / 40.0 / (.98 / 4 + .02), plan.rate(), 1e-9);
    assertEquals("C", plan.limiting());
    assertEquals(40, plan.responseMillis());
    for (Plan.Placement each : plan.placements()) {
      boolean isCovered = !each.work().orElseThrow().variant().equals("A");
      assertEquals(isCovered ? .85 : .84, each.work().orElseThrow().accuracyWithout());
    }
    String text = String.join("\n", PlanText.lines(plan));
    assertTrue(text.contains("Rate: up to 94.3 frames/s"), text);
    assertTrue(text.contains("limited by C"), text);
    assertTrue(text.contains("shares the frames of C"), text);
    assertTrue(PlanJson.write(plan).contains("\"limited_by\" : \"C\""), PlanJson.write(plan));
  }

  @Test
  void plan_noReplicas_hasTheRateOfTheSlowest() throws Exception {
    Plan plan =
        Planner.plan(
            ABC,
            List.of(board("slow", 4), board("fast", 1), board("mid", 2)),
            new Bounds(1_000, 5, 0));

    assertEquals(List.of("A", "C", "B"), runs(plan));
    assertEquals(25, plan.rate(), 1e-9, "1000 ms / 40 ms, without the overhead");
  }

  @Test
  void plan_replicasOfDifferentSpeed_shareInProportion() throws Exception {
    MeasuredSet one =
        new MeasuredSet("made", Strategy.VARIANT, List.of(variant("A", 10)), Map.of(1, .8));
    Plan plan = Planner.plan(one, List.of(board("fast", 1), board("slow", 4)), LOOSE);

    assertEquals(List.of("A", "A"), runs(plan));
    // 100 and 25 frames/s; the slow one answers a fifth of 49 in 50 frames, and all of the others.
    assertEquals(1_000 / 40.0 / (.98 / 5 + .02), plan.rate(), 1e-9);
    assertEquals(40, plan.responseMillis(), "of the slow board");
  }

  @Test
  void plan_boardTooSlowForAllVariants_staysIdle() throws Exception {
    MeasuredSet one =
        new MeasuredSet("made", Strategy.VARIANT, List.of(variant("A", 10)), Map.of(1, .8));
    Plan plan =
        Planner.plan(one, List.of(board("fast", 1), board("slow", 4)), new Bounds(30, 0, 0));

    assertEquals(List.of("A", "-"), runs(plan));
    assertEquals(100, plan.rate(), 1e-9);
    String text = String.join("\n", PlanText.lines(plan));
    assertTrue(text.contains("slow stays idle"), text);
  }

  @Test
  void plan_boardTooSlowForTheChosen_becomesAReserve() throws Exception {
    MeasuredSet set =
        new MeasuredSet(
            "made",
            Strategy.VARIANT,
            List.of(variant("A", 10), variant("B", 20)),
            Map.of(1, .7, 2, .9, 3, .89));
    Plan plan =
        Planner.plan(set, List.of(board("fast", 1), board("slow", 3)), new Bounds(35, 0, 0));

    assertEquals(List.of("B", "A"), runs(plan));
    assertEquals(Plan.Duty.RESERVE, plan.placements().get(1).work().orElseThrow().duty());
    assertEquals(.89, plan.chosen().accuracy(), "slightly lower, but with a reserve");
    assertEquals(.7, plan.placements().get(0).work().orElseThrow().accuracyWithout());
    String text = String.join("\n", PlanText.lines(plan));
    assertTrue(text.contains("slow is too slow for these variants; it runs A"), text);
    assertTrue(text.contains("  chorale worker --name slow --variant A"), text);
  }

  @Test
  void plan_reserveThatCostsMoreThanItSaves_staysIdle() throws Exception {
    MeasuredSet set =
        new MeasuredSet(
            "made",
            Strategy.VARIANT,
            List.of(variant("A", 10), variant("B", 20), variant("C", 20)),
            Map.of(1, .2, 2, .9, 3, .5, 4, .9, 5, .5, 6, .95, 7, .5));
    Plan plan =
        Planner.plan(
            set, List.of(board("one", 1), board("two", 1), board("slow", 3)), new Bounds(35, 0, 0));

    assertEquals(.95, plan.chosen().accuracy());
    assertEquals("-", runs(plan).get(2));
  }

  /** With B excluded from one board, the smallest sum (86 ms) has a later reply (45 ms). */
  @Test
  void plan_sumAgainstSlowest_choosesTheEarlierReply() throws Exception {
    MeasuredSet set =
        new MeasuredSet(
            "made",
            Strategy.VARIANT,
            List.of(
                new MeasuredSet.Variant("A", 1, 0, 10, 10_000_000),
                new MeasuredSet.Variant("B", 1, 0, 15, 100_000_000),
                new MeasuredSet.Variant("C", 1, 0, 21, 10_000_000)),
            Map.of(1, .5, 2, .5, 3, .6, 4, .5, 5, .6, 6, .6, 7, .7));

    Plan plan =
        Planner.plan(
            set,
            List.of(
                board("one", 1),
                new PlannedBoard("two", 2, OptionalDouble.of(200)),
                board("three", 3)),
            LOOSE);

    assertEquals(List.of("B", "C", "A"), runs(plan));
    assertEquals(42, plan.responseMillis());
  }

  @Test
  void plan_nothingFits_failsWithTheReason() {
    EvaluationException e =
        assertThrows(
            EvaluationException.class,
            () -> Planner.plan(ABC, List.of(board("b", 3)), new Bounds(20, 0, 0)));

    assertEquals(
        "no board can run any variant within the bounds: A takes 30.0 ms on the fastest board b,"
            + " above the deadline of 20.0 ms",
        e.getMessage());
  }

  @Test
  void plan_tooManyOrDuplicateBoards_fails() {
    List<PlannedBoard> many = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      many.add(board("b" + i, 1));
    }
    assertThrows(EvaluationException.class, () -> Planner.plan(ABC, many, LOOSE));
    assertThrows(EvaluationException.class, () -> Planner.plan(ABC, List.of(), LOOSE));
    assertThrows(
        EvaluationException.class,
        () -> Planner.plan(ABC, List.of(board("b", 1), board("b", 1)), LOOSE));
  }

  @Test
  void plan_randomFleets_matchesExhaustiveSearch() throws Exception {
    int planned = 0;
    for (long seed = 0; seed < 400; seed++) {
      Random random = new Random(seed * 0x9E3779B97F4A7C15L); // spreads similar seeds
      MeasuredSet set = randomSet(random, 1 + random.nextInt(5));
      List<PlannedBoard> boards = new ArrayList<>();
      int count = 1 + random.nextInt(5);
      for (int i = 0; i < count; i++) {
        OptionalDouble memory =
            random.nextInt(3) == 0
                ? OptionalDouble.of(150 + random.nextInt(60))
                : OptionalDouble.empty();
        boards.add(new PlannedBoard("b" + i, 1 + random.nextInt(4), memory));
      }
      Bounds bounds = new Bounds(20 + random.nextInt(150), 5, 150);
      Optional<Found> best = bruteForce(set, boards, bounds);
      if (best.isEmpty()) {
        assertThrows(
            EvaluationException.class, () -> Planner.plan(set, boards, bounds), "seed " + seed);
        continue;
      }
      planned++;
      Plan plan = Planner.plan(set, boards, bounds);
      assertEquals(best.get(), found(set, plan), "seed " + seed);
      assertTrue(best.get().slowest() <= plan.responseMillis(), "seed " + seed);
    }
    assertTrue(planned > 200, planned + " of 400 fleets have a plan");
  }

  /** The optimization criteria, in order. */
  private record Found(double accuracy, long macs, double slowest, double sum) {}

  /** Returns the criteria of a plan, without replicas. */
  private static Found found(MeasuredSet set, Plan plan) {
    double sum = 0;
    double slowest = 0;
    int mask = 0;
    for (Plan.Placement each : plan.placements()) {
      if (each.work().filter(work -> work.duty() == Plan.Duty.CHOSEN).isPresent()) {
        sum += each.work().get().millis();
        slowest = Math.max(slowest, each.work().get().millis());
        mask |= 1 << set.index(each.work().get().variant()).orElseThrow();
      }
    }
    return new Found(set.accuracy(mask), set.macs(mask), slowest, sum);
  }

  private static Optional<Found> bruteForce(
      MeasuredSet set, List<PlannedBoard> boards, Bounds bounds) {
    List<Found> all = new ArrayList<>();
    place(set, boards, bounds, 0, 0, 0, 0, all);
    return all.stream()
        .min(
            Comparator.<Found>comparingDouble(each -> -each.accuracy())
                .thenComparingLong(Found::macs)
                .thenComparingDouble(Found::slowest)
                .thenComparingDouble(Found::sum));
  }

  private static void place(
      MeasuredSet set,
      List<PlannedBoard> boards,
      Bounds bounds,
      int board,
      int mask,
      double slowest,
      double sum,
      List<Found> all) {
    if (board == boards.size()) {
      if (mask != 0) {
        all.add(new Found(set.accuracy(mask), set.macs(mask), slowest, sum));
      }
      return;
    }
    place(set, boards, bounds, board + 1, mask, slowest, sum, all);
    for (int v = 0; v < set.variants().size(); v++) {
      MeasuredSet.Variant variant = set.variants().get(v);
      PlannedBoard here = boards.get(board);
      double millis = (variant.prepareMillis() + variant.inferenceMillis()) * here.factor() + 5;
      boolean fits = 150 + variant.modelBytes() / 1e6 <= here.memoryMegabytes().orElse(1e9);
      if ((mask & 1 << v) == 0 && fits && millis <= bounds.deadlineMillis()) {
        place(
            set,
            boards,
            bounds,
            board + 1,
            mask | 1 << v,
            Math.max(slowest, millis),
            sum + millis,
            all);
      }
    }
  }

  private static MeasuredSet randomSet(Random random, int count) {
    List<MeasuredSet.Variant> variants = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int millis = 10 + random.nextInt(40);
      long bytes = (10 + random.nextInt(40)) * 1_000_000L;
      long macs = 1L + random.nextInt(3);
      variants.add(new MeasuredSet.Variant("V" + i, macs, 0, millis, bytes));
    }
    Map<Integer, Double> accuracies = new HashMap<>();
    for (int mask = 1; mask < 1 << count; mask++) {
      accuracies.put(mask, (60 + random.nextInt(4)) / 100.0); // few values, to get ties
    }
    return new MeasuredSet("random", Strategy.VARIANT, variants, accuracies);
  }

  /** Whole numbers, for exact sums: inference time only, 1000 MACs and 1 MB per ms. */
  private static MeasuredSet.Variant variant(String id, int millis) {
    return new MeasuredSet.Variant(id, millis * 1_000L, 0, millis, millis * 1_000_000L);
  }

  private static PlannedBoard board(String name, double factor) {
    return new PlannedBoard(name, factor, OptionalDouble.empty());
  }

  private static PlannedBoard small(String name) {
    return new PlannedBoard(name, 1, OptionalDouble.of(180));
  }

  private static List<String> runs(Plan plan) {
    return plan.placements().stream()
        .map(each -> each.work().map(Plan.Work::variant).orElse("-"))
        .toList();
  }
}
