/**
 * The model of the page: the state of a site from its messages, in a bounded number of cards, and
 * the events that keep open pages up to date. Independent of HTTP, which is in {@code web}.
 */
package chorale.dashboard;
