/**
 * The commands that evaluate model sets and fleets: evaluate, attack, compare, plan, and the import
 * of a public data set. The computations are in {@code chorale.evaluation}.
 */
package chorale.cli.evaluate;
