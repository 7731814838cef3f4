/**
 * Replies to results: each request's votes are collected in a window, and exactly one decision is
 * published. One thread owns all state, the one that calls {@link
 * chorale.aggregator.Aggregator#runOnce}. This package neither decodes images nor reads clocks.
 */
package chorale.aggregator;
