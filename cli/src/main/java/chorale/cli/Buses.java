package chorale.cli;

import chorale.mqtt.PahoBus;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;

/** The way from settings to the broker. */
public final class Buses {
  private Buses() {}

  /**
   * @throws CommandException a TLS file cannot be used; connecting itself never fails here
   */
  public static BusFactory of(ConnectionSettings connection) throws CommandException {
    try {
      return PahoBus.factory(connection);
    } catch (IllegalArgumentException e) {
      throw CommandException.mistake("connection.tls: " + e.getMessage());
    }
  }
}
