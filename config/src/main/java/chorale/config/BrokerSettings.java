package chorale.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the embedded broker. Immutable.
 *
 * @param port for MQTT over TCP; 0 selects a free port
 * @param webSocketPort for MQTT over WebSocket at {@code /mqtt}, for browsers; 0 selects a free
 *     port
 * @param webSocketOrigins origins of web pages that may connect, besides pages from this host
 * @param bind the address to listen on; an address that is not loopback requires users
 * @param cameraRate limit for images of one user; without users, of one client
 * @param usersFile the users, one on each line; if empty, every client may connect
 * @param tls for both listeners; if empty, connections are not encrypted
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

  /** Settings without users and TLS, with the camera rate of {@code reference.conf}. */
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
   * The limit for published images per second.
   *
   * @param frames 0: no limit
   * @param bytes of images and their properties; 0: no limit
   */
  public record CameraRate(int frames, int bytes) {
    public static final CameraRate STANDARD = new CameraRate(1000, 64 << 20);
  }

  /**
   * The PEM files of a TLS listener.
   *
   * @param clientCa authority of the clients' certificates; if empty, clients need no certificate
   */
  public record ListenerTls(Path certificate, Path key, Optional<Path> clientCa) {}
}
