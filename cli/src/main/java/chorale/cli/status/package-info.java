/** {@code chorale status}: a site in a terminal, and its state as an exit code. */
package chorale.cli.status;
