/**
 * The web server of the page: files, the event stream, pictures, login. It guards against foreign
 * hosts and pages. Nothing here knows MQTT or what the events mean.
 */
package chorale.dashboard.web;
