/**
 * What the page shows: the state of a site as its messages tell it, in cards that are bounded in
 * number, and the events that keep every open page up to date. The web server is in {@code web};
 * nothing here knows HTTP.
 */
package chorale.dashboard;
