/**
 * Fusion rules against lying boards: real outputs of a model set are replayed, some of them
 * replaced by lies. Arithmetic alone; nothing is measured here.
 */
package chorale.evaluation.attack;
