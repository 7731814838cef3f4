/**
 * The aggregator service: it collects the replies to each request in a window and publishes exactly
 * one decision. The thread that calls {@link chorale.aggregator.Aggregator#runOnce} owns all state.
 * This package decodes no images, and reads the time only from the ticker and the clock that it is
 * given.
 */
package chorale.aggregator;
