/**
 * The bus over Eclipse Paho mqttv5 1.2.5; no other package imports Paho. Paho has known defects,
 * and each has a workaround in one place:
 *
 * <ul>
 *   <li>unreliable reconnect, no CONNACK timeout: {@link chorale.mqtt.PahoBus} manages the
 *       connection, with a new client for each attempt;
 *   <li>no TCP_NODELAY, no host names with an underscore, small reads and writes, threads that wait
 *       for each other forever when the broker closes the connection at once: {@code BrokerSocket};
 *   <li>lengths read as signed numbers, memory allocated before lengths are checked, texts that end
 *       the receiving thread, messages copied twice and passed to another thread through a queue of
 *       10: {@code PacketStream} reads every packet first, and messages do not reach Paho;
 *   <li>receive maximum read as a signed number, automatic topic aliases, swapped maximum packet
 *       sizes, unknown reason codes treated as connection errors: {@code Acks} rewrites
 *       acknowledgments;
 *   <li>unchecked exceptions that end a thread silently: {@code PahoThreads};
 *   <li>texts that end the sending thread: {@code PahoMessages};
 *   <li>refusals that complete successfully, several subscribe methods that throw or never return,
 *       an unbounded queue: {@code Connection} and {@code Outbox}.
 * </ul>
 */
package chorale.mqtt;
