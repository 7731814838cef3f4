/**
 * A comparison of variant parallelism with other strategies. Every strategy is a site of real
 * processes on one broker; all are measured in turns on the same images, also with dead boards.
 * Options and printing belong in {@code chorale.cli}.
 */
package chorale.evaluation.comparison;
