/**
 * Whose replies a request waits for: any replica of each variant, or, for the rival strategies, the
 * owner of each stage. All that an aggregator does differently from strategy to strategy is here.
 */
package chorale.aggregator.strategy;
