/**
 * A fault test: processes of a site are killed, paused, slowed and cut off while cameras publish,
 * and a checker verifies that every request gets exactly one result. Checking is pure ({@code
 * Checker}); processes, clocks and threads are in {@code FaultRun} and its helpers.
 */
package chorale.site.faults;
