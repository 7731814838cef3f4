/**
 * The embedded default broker, HiveMQ CE: its listeners, TLS, users and rights. Only this package
 * imports HiveMQ; it is not part of the installation on boards.
 */
package chorale.broker;
