/**
 * The rival strategies at a worker: workers that share requests (data parallelism), and workers
 * that run one stage of a network each (model parallelism). {@code chorale.worker} does not depend
 * on this package; the command that starts a worker joins both.
 */
package chorale.worker.strategy;
