/**
 * A whole site on this machine as child processes: broker, aggregator and workers, their readiness,
 * logs and endings. The demo, the comparison, the benchmark and the fault bench start their systems
 * here; nothing is measured in this package.
 */
package chorale.site;
