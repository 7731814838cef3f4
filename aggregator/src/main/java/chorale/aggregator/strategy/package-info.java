/**
 * Whose replies a request waits for: those of each variant's replicas that answer it, or, for the
 * rival strategies, the owner of each stage; and how votes of groups of classes are joined. All
 * that an aggregator does differently from strategy to strategy is here.
 */
package chorale.aggregator.strategy;
