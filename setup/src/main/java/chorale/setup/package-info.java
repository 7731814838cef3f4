/**
 * A secured site as a folder of files: the authority and its certificates, a user with password and
 * keys for each member, and the configuration of both brokers. Bouncy Castle is imported here
 * alone. What runs does not belong here.
 */
package chorale.setup;
