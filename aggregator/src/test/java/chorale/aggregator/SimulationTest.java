package chorale.aggregator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.Simulation.Outcome;
import chorale.variants.ModelSet;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Simulated sites under random schedules and faults. A failing seed is printed with its log. Run
 * other seeds with {@code -Dchorale.seeds=N -Dchorale.first=SEED} (scripts/simulate).
 */
final class SimulationTest {
  private static final long STANDARD_SEEDS = 2_000;
  private static final long SEEDS = Long.getLong("chorale.seeds", STANDARD_SEEDS);
  private static final long FIRST = Long.getLong("chorale.first", 1);
  private static final List<String> GROUP = List.of("ada", "bob", "cyd");

  @TempDir static Path directory;
  private static ModelSet models;

  @BeforeAll
  static void prepare() {
    EventLog.SERVICES.setLevel(Level.OFF); // their warnings are expected
    models = ModelEngine.write(directory);
  }

  @AfterAll
  static void restore() {
    EventLog.SERVICES.setLevel(null);
  }

  @Test
  void group_anyScheduleAndFaults_oneCorrectResultEach() {
    Map<Met, Long> met = run(GROUP, SEEDS, 0);

    Set<Met> never = EnumSet.complementOf(EnumSet.of(Met.CHECKED_RIGHT));
    never.removeIf(state -> met.get(state) > 0);
    assertTrue(SEEDS < STANDARD_SEEDS || never.isEmpty(), "never met: " + never);
    assertEquals(0, met.get(Met.CHECKED_RIGHT));
  }

  /** Checks are frames too, and must have no result regardless of faults. */
  @Test
  void groupThatChecks_anyScheduleAndFaults_oneCorrectResultEachAndNoBoardAccused() {
    Map<Met, Long> met = run(GROUP, Math.max(1, SEEDS / 4), 1);

    assertTrue(met.get(Met.CHECKED_RIGHT) > 0);
  }

  @Test
  void singleAggregator_anyScheduleAndFaults_oneCorrectResultEach() {
    run(List.of("ada"), SEEDS / 10, 0);
  }

  private static Map<Met, Long> run(List<String> aggregators, long seeds, int liars) {
    Simulation simulation = new Simulation(models, aggregators, GroupRules.STANDARD, liars);
    TreeMap<Long, Outcome> failed = new TreeMap<>();
    Map<Met, Long> met =
        LongStream.range(FIRST, FIRST + seeds)
            .parallel()
            .mapToObj(simulation::run)
            .peek(outcome -> keepFailed(outcome, failed))
            .map(Outcome::met)
            .reduce(Map.of(), Met::sum);
    System.out.printf(
        "%s, %d liars assumed, %d seeds from %d: %s%n", aggregators, liars, seeds, FIRST, met);
    if (!failed.isEmpty()) {
      System.out.println(simulation.runWithLog(failed.firstKey()).log());
      failed.values().forEach(each -> System.out.println(each.seed() + ": " + each.breaches()));
    }
    assertEquals(Set.of(), failed.keySet(), () -> "failing seeds, such as " + failed.firstEntry());
    return met;
  }

  private static void keepFailed(Outcome outcome, Map<Long, Outcome> failed) {
    if (!outcome.breaches().isEmpty()) {
      synchronized (failed) {
        failed.put(outcome.seed(), outcome);
      }
    }
  }

  /** In these seeds, a stalled connection delivers a check's notice and its frame at once. */
  @ParameterizedTest
  @ValueSource(longs = {100052, 100931, 102278, 103076, 103079, 104313, 104882})
  void groupThatChecks_noticeAndFrameDeliveredAtOnce_noResult(long seed) {
    Simulation simulation = new Simulation(models, GROUP, GroupRules.STANDARD, 1);
    assertEquals(List.of(), simulation.run(seed).breaches());
  }

  @Test
  void seed_ranTwice_sameEvents() {
    Simulation simulation = new Simulation(models, GROUP, GroupRules.STANDARD);

    String log = simulation.runWithLog(FIRST).log();

    assertEquals(log, simulation.runWithLog(FIRST).log());
    assertTrue(log.lines().count() > 100, log);
  }
}
