package chorale.config;

import chorale.protocol.Labels;
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
   * @param name of a camera's user: the camera's
   */
  public record User(String name, String password, UserRole role) {
    @Override
    public String toString() {
      return name + ":*** (" + Labels.of(role) + ")";
    }
  }

  /** What a user may do. */
  public enum UserRole {
    /** Publish the images and hear the results of the camera of the user's name. */
    CAMERA,
    /** Everything below the site: workers and aggregators. */
    SERVICE,
    /** Hear results and status. */
    DASHBOARD
  }
}
