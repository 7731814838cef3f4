/**
 * Who may do what at a site's broker: users and their roles, the one table of rights, and how
 * passwords are stored. Brokers' own permissions, their files and the documentation follow from it.
 * No I/O belongs here.
 */
package chorale.protocol.access;
