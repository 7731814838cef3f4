/**
 * The bus over Eclipse Paho mqttv5 1.2.5: the one package that imports it. Paho is treated as a
 * part with known defects, each kept away from in one place:
 *
 * <ul>
 *   <li>no reconnect worth using, no CONNACK timeout: {@link chorale.mqtt.PahoBus} owns the
 *       connection for ever, with a new client per attempt;
 *   <li>no TCP_NODELAY, no host names with an underscore, small reads and writes, threads that wait
 *       for ever for each other when the broker hangs up at once: {@code BrokerSocket};
 *   <li>lengths read signed, memory allocated before lengths are checked, texts that end the
 *       receiving thread, messages copied twice and handed to another thread over a queue of 10:
 *       {@code PacketStream} reads every packet first, and messages do not reach Paho at all;
 *   <li>receive maximum read signed, automatic topic aliases, swapped maximum packet sizes, unknown
 *       reason codes taken for an error of the connection: {@code Acks} writes acknowledgements
 *       anew;
 *   <li>unchecked exceptions that end a thread unseen: {@code PahoThreads};
 *   <li>texts that end the sending thread: {@code PahoMessages};
 *   <li>refusals that complete successfully, several subscribe methods that throw or never return,
 *       an unbounded queue: {@code Connection} and {@code Outbox}.
 * </ul>
 */
package chorale.mqtt;
