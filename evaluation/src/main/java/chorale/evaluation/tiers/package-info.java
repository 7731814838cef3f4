/**
 * Tiers judged offline: a later tier is asked only about images on which those before are unsure.
 * Immutable values and stateless functions.
 */
package chorale.evaluation.tiers;
