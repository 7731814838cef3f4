/**
 * Typed settings from HOCON: {@code reference.conf} with every key and its default, files,
 * environment variables and flags. Every value is validated on reading. Only this package reads
 * settings, and it starts no service.
 */
package chorale.config;
