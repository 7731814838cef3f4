/**
 * The bus port: what Chorale needs of an MQTT 5 connection, and nothing of any library. {@code
 * chorale.mqtt} implements it.
 */
package chorale.protocol.bus;
