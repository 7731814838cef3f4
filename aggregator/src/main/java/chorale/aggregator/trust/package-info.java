/**
 * Checks of the boards and their consequences. Pure rules over their inputs, shared with the
 * offline evaluation. Bus and threads do not belong here.
 */
package chorale.aggregator.trust;
