/**
 * The commands that judge model sets and fleets: evaluate, plan, compare, and the import of a
 * public data set. What they compute is in {@code chorale.evaluation}.
 */
package chorale.cli.evaluate;
