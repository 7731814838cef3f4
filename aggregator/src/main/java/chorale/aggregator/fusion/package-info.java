/**
 * Votes to one ranked answer: pure arithmetic, shared by the aggregator and the offline evaluation.
 * Time, bus and state do not belong here.
 */
package chorale.aggregator.fusion;
