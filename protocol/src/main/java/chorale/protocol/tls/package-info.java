/** Certificates and private keys in PEM files, for TLS clients and servers. */
package chorale.protocol.tls;
