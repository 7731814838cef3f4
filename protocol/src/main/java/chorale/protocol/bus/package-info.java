/**
 * The bus port: a connection to a broker as services see it, with their inbox. No class of an MQTT
 * library belongs here; {@code chorale.mqtt} implements it, and tests have a bus in memory.
 */
package chorale.protocol.bus;
