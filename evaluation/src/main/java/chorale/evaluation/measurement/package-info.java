/**
 * Instruments for a running system: a camera that measures response times, a counter of bytes on
 * the wire, emulated links between boards and broker, and rounds to compare systems. They are
 * independent of strategies and reports.
 */
package chorale.evaluation.measurement;
