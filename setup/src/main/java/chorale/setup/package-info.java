/**
 * A secured site as a folder of files: the certificate authority and its certificates, a user with
 * password and keys for each member, and the configuration of both brokers. Only this package uses
 * Bouncy Castle. It does not run services.
 */
package chorale.setup;
