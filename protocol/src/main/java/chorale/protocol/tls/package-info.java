/**
 * Certificates and keys in PEM files, for both ends of a TLS connection. Nothing else reads them.
 */
package chorale.protocol.tls;
