package chorale.bench;

import chorale.cli.HouseRulesTest;

/** The house rules over the benchmark's classes, together with all others. */
final class BenchHouseRulesTest extends HouseRulesTest {}
