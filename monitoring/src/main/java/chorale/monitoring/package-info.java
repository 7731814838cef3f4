/**
 * Metrics and health probes of services: counters as Prometheus metrics, liveness and readiness.
 * Independent of single services, which define their own counters.
 */
package chorale.monitoring;
