/**
 * The parts of the aggregator that depend on the site's strategy: the expected set of each variant,
 * and the fusion of votes on groups of classes. Under variant and class parallelism, a set consists
 * of replicas; under the other strategies, of the owners of each stage.
 */
package chorale.aggregator.strategy;
