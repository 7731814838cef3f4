/**
 * The interface between services and the MQTT connection, with the inbox. It is independent of MQTT
 * libraries: {@code chorale.mqtt} implements it, and tests use an implementation in memory.
 */
package chorale.protocol.bus;
