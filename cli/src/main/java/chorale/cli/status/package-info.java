/**
 * The commands for the operator of a site: status, which also returns the state as an exit code,
 * and trust.
 */
package chorale.cli.status;
