package chorale.cli;

import chorale.mqtt.PahoBus;
import chorale.mqtt.WhenRefused;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;

/** The way from settings to the broker. */
public final class Buses {
  private Buses() {}

  /**
   * For a command that a person waits for: it ends when the broker refuses it.
   *
   * @throws CommandException a TLS file cannot be used; connecting itself never fails here
   */
  public static BusFactory of(ConnectionSettings connection) throws CommandException {
    return of(connection, WhenRefused.END);
  }

  /**
   * For a service: it reports a refusal and tries again.
   *
   * @throws CommandException a TLS file cannot be used; connecting itself never fails here
   */
  public static BusFactory lasting(ConnectionSettings connection) throws CommandException {
    return of(connection, WhenRefused.TRY_AGAIN);
  }

  private static BusFactory of(ConnectionSettings connection, WhenRefused whenRefused)
      throws CommandException {
    try {
      return PahoBus.factory(connection, whenRefused);
    } catch (IllegalArgumentException e) {
      throw CommandException.mistake("connection.tls: " + e.getMessage());
    }
  }
}
