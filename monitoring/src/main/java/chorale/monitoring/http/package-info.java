/**
 * A small web server over the JDK's own: its port, its limits, refusals and answers, and who may
 * read metrics. What is served is the caller's.
 */
package chorale.monitoring.http;
