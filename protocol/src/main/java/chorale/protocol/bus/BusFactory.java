package chorale.protocol.bus;

/** Opens buses to one broker: over Paho in production, in memory in tests. */
@FunctionalInterface
public interface BusFactory {
  /**
   * Starts connecting and returns at once.
   *
   * @param inbox gets every delivered message and every change of the connection
   */
  Bus open(Session session, Inbox inbox);
}
