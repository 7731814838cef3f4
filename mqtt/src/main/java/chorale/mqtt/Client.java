package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Session;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * The state that all connections of one bus share. Immutable.
 *
 * @param tls the socket factory for TLS; empty without TLS
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
