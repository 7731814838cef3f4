package chorale.config;

import chorale.protocol.Labels;
import chorale.protocol.access.Identity;
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
 * @param cameraRate what one client may publish as images
 * @param usersFile more users, one a line; read again when it changes
 * @param tls of both listeners; in clear where absent
 */
public record BrokerSettings(
    int port,
    Optional<Integer> webSocketPort,
    List<String> webSocketOrigins,
    String bind,
    List<User> users,
    CameraRate cameraRate,
    Optional<Path> usersFile,
    Optional<ListenerTls> tls) {
  public BrokerSettings {
    webSocketOrigins = List.copyOf(webSocketOrigins);
    users = List.copyOf(users);
  }

  /** Without further origins, and with the rate that {@code reference.conf} has. */
  public BrokerSettings(int port, Optional<Integer> webSocketPort, String bind, List<User> users) {
    this(
        port,
        webSocketPort,
        List.of(),
        bind,
        users,
        CameraRate.STANDARD,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * The most that one client may publish as images, each second.
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

  /** Who may connect. */
  public record User(Identity identity, String password) {
    @Override
    public String toString() {
      return identity.name() + ":*** (" + Labels.of(identity.role()) + ")";
    }
  }
}
