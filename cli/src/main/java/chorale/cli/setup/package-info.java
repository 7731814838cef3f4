/**
 * The commands that set up a site: setup for its folder of certificates and users, passwd for
 * single passwords.
 */
package chorale.cli.setup;
