/**
 * What Prometheus and health probes read of a service: its counters as metrics, and whether it runs
 * and is ready. Nothing here belongs to one service; what each counts is its own.
 */
package chorale.monitoring;
