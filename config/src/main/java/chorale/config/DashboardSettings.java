package chorale.config;

import chorale.config.BrokerSettings.ListenerTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the dashboard. Immutable.
 *
 * @param name the camera name for test images that the page publishes
 * @param port 0 selects a free port
 * @param bind a loopback address; any other requires TLS and users
 * @param hosts further host names under which browsers reach the page, in lower case
 * @param pictures whether camera images are shown, if the broker permits the subscription
 * @param usersFile the users who may log in; if empty, every local user may view the page
 * @param tls if empty, connections are not encrypted
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
