/**
 * Offline evaluation of tiers: images go to a later tier only if the earlier tiers are unsure.
 * Immutable values and stateless functions.
 */
package chorale.evaluation.tiers;
