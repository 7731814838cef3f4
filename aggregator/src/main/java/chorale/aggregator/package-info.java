/**
 * Replies to result: the aggregator listens to frames and to the workers' replies, collects each
 * request's votes in a window, and publishes exactly one decision. All of it is owned by the one
 * thread that calls {@link chorale.aggregator.Aggregator#runOnce}.
 */
package chorale.aggregator;
