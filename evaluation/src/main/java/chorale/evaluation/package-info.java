/**
 * Model sets judged offline, with the worker's own inference and the aggregator's own fusion, and
 * the planner that decides from such figures which board runs which variant. Inference is in one
 * class ({@link chorale.evaluation.Inference}); all else is arithmetic on what it saw.
 */
package chorale.evaluation;
