package chorale.aggregator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.Checker.Breach;
import chorale.variants.ModelSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The purpose of each of the {@link GroupRules}: without it, the simulation finds a violated
 * guarantee, or more occurrences of a state that the rule makes rare.
 */
final class SafeguardsTest {
  private static final long AT_MOST = 4_000;
  private static final long COMPARED = 200;
  private static final GroupRules RULES = GroupRules.STANDARD;
  private static final List<String> GROUP = List.of("ada", "bob", "cyd");

  @TempDir static Path directory;
  private static ModelSet models;

  @BeforeAll
  static void prepare() {
    EventLog.SERVICES.setLevel(Level.OFF);
    models = ModelEngine.write(directory);
  }

  @AfterAll
  static void restore() {
    EventLog.SERVICES.setLevel(null);
  }

  /** A joining aggregator does not wait for the others' announcements, and acts as if alone. */
  @Test
  void settle_zero_decidesTwice() {
    assertBreach(Breach.Kind.DOUBLED, times(Duration.ZERO, RULES.letGo(), RULES.afterLoss()));
  }

  /** The new owner takes a camera at the moment when the old one releases it. */
  @Test
  void letGo_asLateAsTake_decidesTwice() {
    assertBreach(Breach.Kind.DOUBLED, times(RULES.settle(), RULES.take(), RULES.afterLoss()));
  }

  /** The next member does not wait for results of a lost owner that are still in transit. */
  @Test
  void afterLoss_zero_decidesTwice() {
    assertBreach(Breach.Kind.DOUBLED, times(RULES.settle(), RULES.letGo(), Duration.ZERO));
  }

  /** All members publish missing results at the deadline. */
  @Test
  void slot_zero_decidesTwice() {
    assertBreach(
        Breach.Kind.DOUBLED,
        limits(Duration.ZERO, RULES.pause(), RULES.earlyResult(), RULES.misses()));
  }

  /** A frame that arrives after its result opens a window. */
  @Test
  void earlyResult_zero_decidesTwice() {
    assertBreach(
        Breach.Kind.DOUBLED, limits(RULES.slot(), RULES.pause(), Duration.ZERO, RULES.misses()));
  }

  /** A stopped aggregator continues without rejoining. */
  @Test
  void pause_ignored_moreDecidedTwice() {
    assertMore(
        Met.DECIDED_TWICE_BY_ZOMBIE,
        limits(RULES.slot(), Duration.ofHours(1), RULES.earlyResult(), RULES.misses()));
  }

  /** All members wait for every result of a silent owner. */
  @Test
  void misses_ignored_morePublishedInTurn() {
    assertMore(
        Met.TAKEN_OVER_IN_TURN,
        limits(RULES.slot(), RULES.pause(), RULES.earlyResult(), Integer.MAX_VALUE));
  }

  private static void assertBreach(Breach.Kind kind, GroupRules without) {
    Simulation simulation = new Simulation(models, GROUP, without);
    boolean found =
        LongStream.rangeClosed(1, AT_MOST)
            .parallel()
            .mapToObj(simulation::run)
            .anyMatch(outcome -> outcome.breaches().stream().anyMatch(each -> each.kind() == kind));
    assertTrue(found, "no " + kind + " in " + AT_MOST + " seeds");
  }

  private static void assertMore(Met state, GroupRules without) {
    long with = count(state, RULES);
    long more = count(state, without);
    assertTrue(more > with, state + ": " + with + " times with the rule, " + more + " without");
  }

  private static long count(Met state, GroupRules rules) {
    Simulation simulation = new Simulation(models, GROUP, rules);
    return LongStream.rangeClosed(1, COMPARED)
        .parallel()
        .mapToObj(seed -> simulation.run(seed).met())
        .reduce(Map.of(), Met::sum)
        .get(state);
  }

  private static GroupRules times(Duration settle, Duration letGo, Duration afterLoss) {
    return new GroupRules(
        settle,
        letGo,
        RULES.take(),
        afterLoss,
        RULES.slot(),
        RULES.late(),
        RULES.pause(),
        RULES.earlyResult(),
        RULES.misses(),
        RULES.longestJoin(),
        RULES.longestLeave());
  }

  private static GroupRules limits(
      Duration slot, Duration pause, Duration earlyResult, int misses) {
    return new GroupRules(
        RULES.settle(),
        RULES.letGo(),
        RULES.take(),
        RULES.afterLoss(),
        slot,
        RULES.late(),
        pause,
        earlyResult,
        misses,
        RULES.longestJoin(),
        RULES.longestLeave());
  }
}
