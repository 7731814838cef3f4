/**
 * A comparison of variant parallelism with other strategies: every strategy is a site of real
 * processes on one broker, measured in turns on the same images, and with dead boards. Options and
 * printing belong in {@code chorale.cli}.
 */
package chorale.evaluation.comparison;
