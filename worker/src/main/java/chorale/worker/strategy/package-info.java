/**
 * The other strategies at a worker: {@code StageStrategy} for one stage of a network (model
 * parallelism), and the choice of a worker's strategy by its assignment. {@code chorale.worker}
 * does not depend on this package; the command that starts a worker joins both.
 */
package chorale.worker.strategy;
