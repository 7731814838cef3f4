package chorale.cli;

import chorale.mqtt.PahoBus;
import chorale.mqtt.WhenRefused;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;

/** Factories of MQTT connections from settings. Stateless. */
public final class Buses {
  private Buses() {}

  /**
   * Returns connections for an interactive command, which ends when the broker refuses it.
   *
   * @throws CommandException a TLS file cannot be used; connecting itself never fails here
   */
  public static BusFactory of(ConnectionSettings connection) throws CommandException {
    return of(connection, WhenRefused.END);
  }

  /**
   * Returns connections for a service, which reports a refusal and retries.
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
