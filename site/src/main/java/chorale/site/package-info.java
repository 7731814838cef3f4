/**
 * A site on this machine as child processes: broker, aggregator and workers, with their readiness,
 * logs and shutdown. Demo, comparison, benchmark and fault tests start their systems here. Nothing
 * is measured here.
 */
package chorale.site;
