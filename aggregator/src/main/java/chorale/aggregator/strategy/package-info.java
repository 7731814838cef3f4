/**
 * Whose replies a request waits for, by the site's strategy. All that an aggregator does
 * differently from strategy to strategy is here.
 */
package chorale.aggregator.strategy;
