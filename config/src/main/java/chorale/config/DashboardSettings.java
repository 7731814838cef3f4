package chorale.config;

import chorale.config.BrokerSettings.ListenerTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the page is served.
 *
 * @param name of the camera as which it publishes pictures to try
 * @param port 0 takes a free one
 * @param bind a loopback address; any other needs TLS and users
 * @param hosts further host names under which browsers reach the page, in lower case
 * @param pictures whether the cameras' pictures are shown, if the broker lets it hear them
 * @param usersFile who may log in; without it whoever reaches the loopback address may look
 * @param tls in clear where absent
 */
public record DashboardSettings(
    String name,
    int port,
    String bind,
    List<String> hosts,
    boolean pictures,
    Optional<Path> usersFile,
    Optional<ListenerTls> tls) {
  public DashboardSettings {
    hosts = List.copyOf(hosts);
  }
}
