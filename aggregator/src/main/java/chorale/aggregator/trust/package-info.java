/**
 * Checks of the boards and what follows from them. Pure rules over what is handed in, also for the
 * offline evaluation. Bus and threads do not belong here.
 */
package chorale.aggregator.trust;
