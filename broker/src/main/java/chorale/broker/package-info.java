/**
 * The embedded default broker, HiveMQ CE: its listeners, TLS, users and rights. This is the one
 * package that imports HiveMQ, and boards never carry it.
 */
package chorale.broker;
