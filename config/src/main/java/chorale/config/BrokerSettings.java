package chorale.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the embedded broker serves.
 *
 * @param port MQTT over TCP; 0 takes a free one
 * @param webSocketPort MQTT over WebSocket at {@code /mqtt}, for dashboards; 0 takes a free one
 * @param webSocketOrigins the pages that may connect from a browser, besides those of this host
 * @param bind {@code 127.0.0.1}; any other address needs users
 * @param cameraRate what one user may publish as images; one client, where there are no users
 * @param usersFile who may connect, one user a line; everybody where absent
 * @param tls of both listeners; in clear where absent
 */
public record BrokerSettings(
    int port,
    Optional<Integer> webSocketPort,
    List<String> webSocketOrigins,
    String bind,
    CameraRate cameraRate,
    Optional<Path> usersFile,
    Optional<ListenerTls> tls) {
  public BrokerSettings {
    webSocketOrigins = List.copyOf(webSocketOrigins);
  }

  /** Without users and TLS, and with the rate that {@code reference.conf} has. */
  public BrokerSettings(int port, Optional<Integer> webSocketPort, String bind) {
    this(
        port,
        webSocketPort,
        List.of(),
        bind,
        CameraRate.STANDARD,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * The most that may be published as images, each second.
   *
   * @param frames 0: no limit
   * @param bytes of images and their properties; 0: no limit
   */
  public record CameraRate(int frames, int bytes) {
    public static final CameraRate STANDARD = new CameraRate(1000, 64 << 20);
  }

  /**
   * PEM files.
   *
   * @param clientCa the authority that clients' certificates must come from; empty: none is asked
   *     for
   */
  public record ListenerTls(Path certificate, Path key, Optional<Path> clientCa) {}
}
