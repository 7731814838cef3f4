package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Session;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * Everything that the connections of one bus have in common. Immutable.
 *
 * @param tls makes the sockets where the broker is reached by TLS
 */
record Client(
    ConnectionSettings settings,
    Session session,
    Optional<SSLSocketFactory> tls,
    WhenRefused whenRefused) {

  int keepAliveSeconds() {
    return (int) Math.max(1, settings.timing().keepAlive().toSeconds());
  }
}
