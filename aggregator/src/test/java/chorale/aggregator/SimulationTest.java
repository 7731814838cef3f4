package chorale.aggregator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.Simulation.Counts;
import chorale.aggregator.Simulation.Outcome;
import chorale.variants.ModelSet;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Simulated sites under random schedules and faults. A seed that fails is printed with all that
 * happened; {@code -Dchorale.seeds=N} and {@code -Dchorale.first=SEED} run others
 * (scripts/simulate).
 */
final class SimulationTest {
  private static final long SEEDS = Long.getLong("chorale.seeds", 300);
  private static final long FIRST = Long.getLong("chorale.first", 1);

  @TempDir static Path directory;
  private static ModelSet models;

  @BeforeAll
  static void prepare() {
    EventLog.SERVICES.setLevel(Level.OFF); // what they complain of is intended
    models = ModelEngine.write(directory);
  }

  @AfterAll
  static void restore() {
    EventLog.SERVICES.setLevel(null);
  }

  @Test
  void alone_anyFaults_oneRightResultEach() {
    run(new Simulation(models, List.of("ada"), GroupRules.STANDARD));
  }

  private static void run(Simulation simulation) {
    List<Outcome> outcomes =
        LongStream.range(FIRST, FIRST + SEEDS).parallel().mapToObj(simulation::run).toList();
    Counts counts = outcomes.stream().map(Outcome::counts).reduce(Counts.NONE, Counts::plus);
    System.out.println(SEEDS + " seeds from " + FIRST + ": " + counts);
    List<Outcome> failed = outcomes.stream().filter(each -> !each.breaches().isEmpty()).toList();
    failed.stream()
        .limit(1)
        .forEach(each -> System.out.println(simulation.runWithLog(each.seed()).log()));
    assertEquals(List.of(), failed.stream().limit(5).toList(), failed.size() + " seeds fail");
  }

  @Test
  void seed_ranTwice_sameEvents() {
    Simulation simulation = new Simulation(models, List.of("ada"), GroupRules.STANDARD);

    String log = simulation.runWithLog(FIRST).log();

    assertEquals(log, simulation.runWithLog(FIRST).log());
    assertTrue(log.lines().count() > 100, log);
  }
}
