/**
 * Typed settings over HOCON: {@code reference.conf} with every key and its default, files,
 * environment variables and flags, each value checked on reading. No service is started here, and
 * no setting is read anywhere else.
 */
package chorale.config;
