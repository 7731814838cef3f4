/**
 * Worker strategies besides variant parallelism: {@code StageStrategy} runs one stage of a network
 * (model parallelism), and {@code WorkerStrategies} chooses a worker's strategy by its assignment.
 * {@code chorale.worker} does not depend on this package; the command that starts a worker uses
 * both.
 */
package chorale.worker.strategy;
