package chorale.broker;

import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A client in reports: its id, its user and its address. Immutable.
 *
 * @param user empty where the broker has no users, or none was given
 */
record Who(String clientId, Optional<String> user, String address) {

  static Who of(String clientId, Optional<String> user, ConnectionInformation connection) {
    return new Who(clientId, user, address(connection));
  }

  /** Somebody of whom the address alone is known. */
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
