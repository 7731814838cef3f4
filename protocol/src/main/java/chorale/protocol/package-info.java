/**
 * The messages of a site (requests, replies, results, status) with their codecs, topics and limits,
 * and a view of the fleet. No client library, no I/O, no threads, and no code that only one
 * strategy uses.
 */
package chorale.protocol;
