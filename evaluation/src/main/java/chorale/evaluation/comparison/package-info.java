/**
 * Variant parallelism and its rivals compared: every strategy as a site of real processes on one
 * broker, measured in turns on the same images, and what dead boards cost each. Options and
 * printing belong in {@code chorale.cli}.
 */
package chorale.evaluation.comparison;
