/**
 * Instruments for a system that runs: a camera that times its answers, a counter of the bytes on
 * the wire, an emulated network between boards and broker, and rounds that compare systems. They
 * know no strategy and no report.
 */
package chorale.evaluation.measurement;
