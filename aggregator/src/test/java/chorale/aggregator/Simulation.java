package chorale.aggregator;

import static chorale.aggregator.VirtualTime.SECOND;

import chorale.aggregator.Checker.Breach;
import chorale.variants.ModelSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A simulation: runs {@link Scenario}s on {@link ModelSite}s and applies the {@link Checker}. The
 * same seed gives the same run. Thread-safe.
 *
 * @param models written by {@link ModelEngine}
 * @param aggregators names of the site's aggregators
 * @param rules of their group
 * @param liars that the aggregators assume; the boards are honest
 * @param hasTiers whether boards are asked in tiers
 */
record Simulation(
    ModelSet models, List<String> aggregators, GroupRules rules, int liars, boolean hasTiers) {
  /** Without liars assumed, without checks and tiers. */
  Simulation(ModelSet models, List<String> aggregators, GroupRules rules) {
    this(models, aggregators, rules, 0, false);
  }

  /**
   * The outcome of one seed.
   *
   * @param log empty unless requested
   */
  record Outcome(long seed, List<Breach> breaches, Map<Met, Long> met, String log) {}

  Outcome run(long seed) {
    Chance chance = new Chance(seed);
    return run(seed, site(chance, false), chance);
  }

  /** Runs the seed with a log of all events. */
  Outcome runWithLog(long seed) {
    Chance chance = new Chance(seed);
    ModelSite site = site(chance, true);
    Runnable end = site.log.listen();
    try {
      return run(seed, site, chance);
    } finally {
      end.run();
    }
  }

  private ModelSite site(Chance chance, boolean logs) {
    Optional<ModelTiers> tiers = hasTiers ? Optional.of(ModelTiers.any(chance)) : Optional.empty();
    return new ModelSite(this, tiers, chance, logs);
  }

  private Outcome run(long seed, ModelSite site, Chance chance) {
    Scenario scenario = new Scenario(site, chance);
    scenario.begin(aggregators);
    while (site.time.elapsedNanos() < scenario.nanos()) {
      site.time.run(SECOND);
    }
    site.end();
    Checker checker = new Checker(site.history);
    List<Breach> breaches = checker.check();
    return new Outcome(seed, breaches, checker.met(), site.log.toString());
  }
}
