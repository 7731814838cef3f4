/**
 * Fusion rules, which combine votes into one ranked answer. Pure arithmetic, shared by the
 * aggregator and the offline evaluation. Time, bus and state do not belong here.
 */
package chorale.aggregator.fusion;
