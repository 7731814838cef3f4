package chorale.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the embedded broker serves.
 *
 * @param port MQTT over TCP; 0 takes a free one
 * @param webSocketPort MQTT over WebSocket at {@code /mqtt}, for dashboards; 0 takes a free one
 * @param bind {@code 127.0.0.1}; any other address needs users
 * @param persistence directory for file persistence; in memory where absent
 */
public record BrokerSettings(
    int port,
    Optional<Integer> webSocketPort,
    String bind,
    Optional<Path> persistence,
    List<User> users) {
  public BrokerSettings {
    users = List.copyOf(users);
  }

  /**
   * Who may connect.
   *
   * @param role what the user may do: {@code camera} (publish images and hear results of the camera
   *     of that name), {@code service} (workers and aggregators: everything below the site), {@code
   *     dashboard} (hear results and status)
   */
  public record User(String name, String password, String role) {
    @Override
    public String toString() {
      return name + ":*** (" + role + ")";
    }
  }
}
