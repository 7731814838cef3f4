/**
 * Offline evaluation of model sets, with the worker's own inference and the aggregator's own
 * fusion. Only {@link chorale.evaluation.Inference} runs networks; all else is arithmetic on their
 * outputs. Live processes belong in {@code chorale.evaluation.comparison}.
 */
package chorale.evaluation;
