/**
 * The rival strategies of variant parallelism: workers that share requests (data parallelism), and
 * workers that run one stage of a network each (model parallelism).
 */
package chorale.worker.strategy;
