/**
 * The commands that explain this installation: doctor and config. Checks report findings; they
 * change nothing.
 */
package chorale.cli.doctor;
