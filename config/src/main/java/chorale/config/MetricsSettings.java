package chorale.config;

import chorale.config.BrokerSettings.ListenerTls;
import chorale.protocol.Bytes;
import java.util.Optional;

/**
 * Where a service serves its metrics and its health.
 *
 * @param port absent: nowhere; 0 takes a free one
 * @param bind a loopback address; any other needs a token
 * @param token that clients send which are not on this machine; absent: there are none
 * @param tls in clear where absent
 */
public record MetricsSettings(
    Optional<Integer> port, String bind, Optional<Bytes> token, Optional<ListenerTls> tls) {
  /** Nowhere. */
  public static final MetricsSettings OFF =
      new MetricsSettings(Optional.empty(), "127.0.0.1", Optional.empty(), Optional.empty());
}
