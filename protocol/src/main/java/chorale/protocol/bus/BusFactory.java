package chorale.protocol.bus;

/** A factory of connections to one broker: over Paho in production, in memory in tests. */
@FunctionalInterface
public interface BusFactory {
  /**
   * Starts to connect and returns at once.
   *
   * @param inbox receives all messages and connection events
   */
  Bus open(Session session, Inbox inbox);
}
