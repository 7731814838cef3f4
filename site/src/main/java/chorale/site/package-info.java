/** A whole site on this machine, as child processes: its broker, its aggregator and its workers. */
package chorale.site;
