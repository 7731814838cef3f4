package chorale.config;

import chorale.config.BrokerSettings.ListenerTls;
import chorale.protocol.Bytes;
import java.util.Optional;

/**
 * The settings of the HTTP port for metrics and health probes. Immutable.
 *
 * @param port if empty, there is no such port; 0 selects a free port
 * @param bind a loopback address; any other requires a token
 * @param token the bearer token of clients on other machines; if empty, only local clients have
 *     access
 * @param tls if empty, connections are not encrypted
 */
public record MetricsSettings(
    Optional<Integer> port, String bind, Optional<Bytes> token, Optional<ListenerTls> tls) {
  /** No metrics port. */
  public static final MetricsSettings OFF =
      new MetricsSettings(Optional.empty(), "127.0.0.1", Optional.empty(), Optional.empty());
}
