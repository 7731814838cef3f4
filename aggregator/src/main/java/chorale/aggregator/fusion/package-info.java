/**
 * Votes to one ranked answer: pure arithmetic, without time, bus or state, the same for the
 * aggregator and for the offline evaluation.
 */
package chorale.aggregator.fusion;
