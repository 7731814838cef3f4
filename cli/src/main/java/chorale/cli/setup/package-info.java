/**
 * The commands that set a site up: its folder with certificates and users, and single passwords.
 */
package chorale.cli.setup;
