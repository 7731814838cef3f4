/**
 * Replies to results: each request's votes are collected in a window, and exactly one decision is
 * published. One thread owns all of it, the one that calls {@link
 * chorale.aggregator.Aggregator#runOnce}. Images are never decoded here, and no clock is read.
 */
package chorale.aggregator;
