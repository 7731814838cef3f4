/**
 * A fault bench: a site of real processes that are killed, stopped, slowed and cut off while
 * cameras publish, and a check that every request got its one result. Judging is pure ({@code
 * Checker}); processes, clocks and threads are in {@code FaultRun} and what it uses.
 */
package chorale.site.faults;
