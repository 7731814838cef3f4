/**
 * A small HTTP server over the JDK's own: port, limits, refusals, responses, and the access rules
 * for metrics. Callers define the content.
 */
package chorale.monitoring.http;
