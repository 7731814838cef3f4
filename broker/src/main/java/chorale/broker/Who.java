package chorale.broker;

import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A client as named in reports: its id, user and address. Immutable.
 *
 * @param user empty if the broker has no users or none was given
 */
record Who(String clientId, Optional<String> user, String address) {

  static Who of(String clientId, Optional<String> user, ConnectionInformation connection) {
    return new Who(clientId, user, address(connection));
  }

  /** Returns a client of which only the address is known. */
  static Who at(String address) {
    return new Who("", Optional.empty(), address);
  }

  static String address(ConnectionInformation connection) {
    return connection.getInetAddress().map(InetAddress::getHostAddress).orElse("?");
  }

  @Override
  public String toString() {
    return "client '"
        + BrokerLog.shown(clientId)
        + "' ("
        + user.map(name -> "user '" + BrokerLog.shown(name) + "', ").orElse("")
        + address
        + ')';
  }
}
