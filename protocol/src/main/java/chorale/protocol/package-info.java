/**
 * What travels in a site: requests, replies, results and status, their codecs, topics and limits,
 * and the fleet as its retained status shows it. No client library, no I/O and no threads belong
 * here, and nothing that serves one strategy alone.
 */
package chorale.protocol;
