/**
 * The offline evaluation of fusion rules against lying boards: replays of a model set's real
 * outputs, some replaced by lies. All figures are computed; nothing is measured here.
 */
package chorale.evaluation.attack;
