/**
 * The bus over Eclipse Paho mqttv5 1.2.5: the one package that imports it. Paho is treated as a
 * part with known defects, each mended in one place:
 *
 * <ul>
 *   <li>no reconnect worth using, no CONNACK timeout: {@link chorale.mqtt.PahoBus} owns the
 *       connection for ever, with a new client per attempt;
 *   <li>no TCP_NODELAY: {@code NoDelaySockets};
 *   <li>receive maximum read signed, automatic topic aliases, swapped maximum packet sizes: {@code
 *       PatchedConnectionState};
 *   <li>messages copied byte by byte: {@code CountingInputStream} under Paho's own name, and {@code
 *       ReceivePath}, which checks that it is the one loaded;
 *   <li>a second thread and a queue of 10 between the reader and the callback: {@code
 *       DirectCallback}, in Paho's own package;
 *   <li>reading byte by byte from the socket, writing in pieces: {@code BufferedSocket};
 *   <li>a thread that connects and never ends when the broker hangs up at once: {@code Connection};
 *   <li>refusals that complete successfully, several subscribe methods that throw or never return,
 *       callbacks that block the reader, an unbounded queue: {@code Connection} and {@code Outbox}.
 * </ul>
 */
package chorale.mqtt;
