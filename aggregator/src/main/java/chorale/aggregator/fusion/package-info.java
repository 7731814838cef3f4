/**
 * Votes to one ranked answer: pure arithmetic, the same for the aggregator and for the offline
 * evaluation. Time, bus and state do not belong here.
 */
package chorale.aggregator.fusion;
