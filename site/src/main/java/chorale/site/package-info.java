/**
 * A whole site on this machine as child processes: broker, aggregator and workers, their readiness,
 * logs and endings. The demo, the comparison and the benchmark start their systems here; nothing is
 * measured here.
 */
package chorale.site;
