/**
 * The planner: which board of a small fleet should run which variant, by an exact search over a
 * model set's measured accuracies and times, and which boards become replicas. Nothing is measured
 * here.
 */
package chorale.evaluation.plan;
