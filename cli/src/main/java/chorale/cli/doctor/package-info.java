/** The commands that inspect this installation: doctor and config. They change nothing. */
package chorale.cli.doctor;
