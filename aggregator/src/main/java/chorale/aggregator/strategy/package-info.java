/**
 * The parts of the aggregator that depend on the site's strategy: the expected set of each variant,
 * and the fusion of votes on groups of classes. Under data and model parallelism, a set consists of
 * the owner of each stage; under the other strategies, of replicas.
 */
package chorale.aggregator.strategy;
