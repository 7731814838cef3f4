package chorale.bench;

import chorale.cli.HouseRulesTest;

/** The house rules on the classes of all modules, including the benchmark. */
final class BenchHouseRulesTest extends HouseRulesTest {}
