/**
 * Users, roles, access rights and password hashes of a site's broker. The embedded broker's
 * permissions, the permission files for other brokers and the documentation are all derived from
 * the one table of rights. No I/O.
 */
package chorale.protocol.access;
