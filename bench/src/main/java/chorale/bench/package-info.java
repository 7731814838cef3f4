/**
 * The benchmark, {@code ./chorale bench}: parts that measure, and the figures that they judge. What
 * users run does not belong here, and no product code depends on it.
 */
package chorale.bench;
