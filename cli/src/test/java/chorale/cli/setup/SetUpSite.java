package chorale.cli.setup;

import chorale.config.Settings;
import chorale.config.SettingsException;
import chorale.config.SettingsLoader;
import chorale.config.UsersFile;
import chorale.protocol.access.Identity;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Credentials;
import chorale.setup.SetupException;
import chorale.setup.SiteRequest;
import chorale.setup.SiteSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A site in a temporary folder with a member of each role, whose settings are read from its files.
 */
final class SetUpSite {
  static final Identity WORKER = member("pi1", UserRole.WORKER);
  static final Identity AGGREGATOR = member("hub", UserRole.AGGREGATOR);
  static final Identity CAMERA = member("gate", UserRole.CAMERA);
  static final Identity DASHBOARD = member("wall", UserRole.DASHBOARD);
  static final Identity FRAMES = new Identity("desk", UserRole.DASHBOARD, "home", true);
  static final Identity OPERATOR = member("me", UserRole.OPERATOR);

  static final List<Identity> MEMBERS =
      List.of(WORKER, AGGREGATOR, CAMERA, DASHBOARD, FRAMES, OPERATOR);

  private final Path folder;

  private SetUpSite(Path folder) {
    this.folder = folder;
  }

  private static Identity member(String name, UserRole role) {
    return new Identity(name, role, "home");
  }

  static SetUpSite in(Path folder, int port, boolean clientCertificates)
      throws SetupException, IOException {
    SetUpSite site = new SetUpSite(folder);
    Map<UserRole, List<String>> members =
        Map.of(
            UserRole.WORKER, List.of("pi1", "pi2"),
            UserRole.AGGREGATOR, List.of("hub"),
            UserRole.CAMERA, List.of("gate"),
            UserRole.DASHBOARD, List.of("wall", "desk"),
            UserRole.OPERATOR, List.of("me"));
    site.apply(
        new SiteRequest(
            Optional.empty(),
            members,
            List.of("desk"),
            List.of(),
            Optional.of(port),
            clientCertificates,
            false,
            List.of(),
            List.of()));
    return site;
  }

  void remove(String name) throws SetupException, IOException {
    apply(
        new SiteRequest(
            Optional.empty(),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            false,
            false,
            List.of(name),
            List.of()));
  }

  private void apply(SiteRequest request) throws SetupException, IOException {
    new SiteSetup(folder, Instant.now(), new SecureRandom()).apply(request);
  }

  Path mosquitto() {
    return folder.resolve("mosquitto/mosquitto.conf");
  }

  List<UserEntry> users() throws SettingsException {
    return UsersFile.read(folder.resolve("users"));
  }

  /** Returns the connection from the files for the member. */
  ConnectionSettings connection(Identity member) throws SettingsException, IOException {
    return switch (member.role()) {
      case WORKER -> configured("boards/" + member.name() + "/worker.conf").connection();
      case AGGREGATOR ->
          configured("aggregators/" + member.name() + "/aggregator.conf").connection();
      case OPERATOR -> configured("operators/" + member.name() + "/operator.conf").connection();
      case CAMERA -> typed("cameras/" + member.name());
      case DASHBOARD -> configured("dashboards/" + member.name() + "/dashboard.conf").connection();
    };
  }

  Settings configured(String file) throws SettingsException {
    return new SettingsLoader("host", folder)
        .load(Optional.of(folder.resolve(file)), Map.of(), Map.of());
  }

  private ConnectionSettings typed(String sheet) throws IOException, SettingsException {
    List<String> values = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(sheet + ".txt"))) {
      values.add(line.split(" = ", 2)[1]);
    }
    Map<String, String> flags =
        Map.of(
            "connection.broker", values.get(0),
            "connection.tls.certificate-authority", folder.resolve("ca.pem").toString());
    boolean certificate = Files.exists(folder.resolve(sheet + ".pem"));
    Map<String, String> own =
        certificate
            ? Map.of(
                "connection.tls.certificate", folder.resolve(sheet + ".pem").toString(),
                "connection.tls.key", folder.resolve(sheet + ".key").toString())
            : Map.of();
    Map<String, String> all = new java.util.HashMap<>(flags);
    all.putAll(own);
    ConnectionSettings anonymous =
        new SettingsLoader("host", folder).load(Optional.empty(), Map.of(), all).connection();
    return with(anonymous, values.get(1), values.get(2));
  }

  static ConnectionSettings with(ConnectionSettings base, String user, String password) {
    return new ConnectionSettings(
        base.broker(),
        Optional.of(new Credentials(user, password)),
        base.tls(),
        base.timing(),
        base.inFlight(),
        base.outbox());
  }
}
