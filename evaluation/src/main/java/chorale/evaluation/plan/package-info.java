/**
 * The planner: an exact search for the best assignment of variants to the boards of a small fleet,
 * from a model set's measured accuracies and times; remaining boards become replicas. Nothing is
 * measured here.
 */
package chorale.evaluation.plan;
