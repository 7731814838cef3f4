/**
 * The expected replies of a request: those of each variant's replicas that answer it or, under the
 * other strategies, of the owner of each stage. Also the fusion of votes on groups of classes. All
 * differences of the aggregator between strategies are in this package.
 */
package chorale.aggregator.strategy;
