/**
 * The web server of the page: files, event stream, thumbnails, login, and protection against
 * foreign hosts and pages. Independent of MQTT and of the meaning of events.
 */
package chorale.dashboard.web;
