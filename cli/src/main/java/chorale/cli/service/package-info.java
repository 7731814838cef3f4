/**
 * The commands that run a service until a stop is requested: broker, worker, aggregator, dashboard.
 * Each service has its own module.
 */
package chorale.cli.service;
