/**
 * Offline evaluation of model sets, with the worker's inference and the aggregator's fusion. Only
 * {@link chorale.evaluation.Inference} runs networks; all else is arithmetic on their outputs.
 * Comparisons of live processes are in {@code chorale.evaluation.comparison}.
 */
package chorale.evaluation;
