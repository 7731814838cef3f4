/**
 * The commands that run a service until it is told to end: broker, worker, aggregator, dashboard.
 * The services themselves are in modules of their own.
 */
package chorale.cli.service;
