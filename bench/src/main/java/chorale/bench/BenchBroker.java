package chorale.bench;

import chorale.cli.CommonOptions;
import chorale.config.Settings;
import chorale.config.SettingsException;
import chorale.evaluation.measurement.Camera;
import chorale.mqtt.PahoBus;
import chorale.protocol.Topics;
import chorale.protocol.access.UserRole;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.setup.SetupException;
import chorale.setup.SiteRequest;
import chorale.setup.SiteSetup;
import chorale.site.Board;
import chorale.site.FreePort;
import chorale.site.LocalBroker;
import chorale.site.LocalSite;
import chorale.site.SiteException;
import chorale.site.TemporaryFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The broker of a part, with a temporary folder for its processes. Owned by one thread; close it
 * after the sites and cameras that connect to it.
 */
final class BenchBroker implements AutoCloseable {
  /** Longer than any response here, so that no deadline ends a measurement. */
  private static final int BUDGET_MILLIS = 10_000;

  private final TemporaryFolder folder;
  private final LocalBroker broker;
  private final BusFactory buses;

  private BenchBroker(TemporaryFolder folder, LocalBroker broker) {
    this.folder = folder;
    this.broker = broker;
    this.buses = PahoBus.factory(broker.connection());
  }

  static BenchBroker start(BenchSettings settings)
      throws IOException, SiteException, InterruptedException {
    TemporaryFolder folder = TemporaryFolder.create("chorale-bench-");
    return new BenchBroker(folder, LocalBroker.start(settings.broker(), folder.path()));
  }

  /**
   * Starts the embedded broker with TLS and users, as {@code chorale setup} configures it. All
   * connections use the operator of one site.
   */
  static BenchBroker secured(String siteName)
      throws IOException, SiteException, InterruptedException, SetupException, SettingsException {
    TemporaryFolder folder = TemporaryFolder.create("chorale-bench-");
    Path site = folder.path().resolve("secured");
    Map<UserRole, List<String>> members =
        Map.of(UserRole.WORKER, List.of("pi1"), UserRole.OPERATOR, List.of("me"));
    new SiteSetup(site, Instant.now(), new SecureRandom())
        .apply(SiteRequest.of(siteName, FreePort.find(), members));
    Settings operator =
        CommonOptions.loader()
            .load(Optional.of(site.resolve("operators/me/operator.conf")), Map.of(), Map.of());
    return new BenchBroker(
        folder, LocalBroker.start(operator.connection(), site.resolve("host.conf"), folder.path()));
  }

  /**
   * Returns the plan of a site.
   *
   * @param networks the networks, one worker each
   * @param boardFactor the board factor of the workers
   * @param bound whether the aggregator decides by the bound
   */
  static LocalSite.Plan site(
      String name, List<String> networks, BenchModels models, int boardFactor, boolean bound) {
    return site(
        name,
        networks.stream().map(Board::of).toList(),
        models,
        boardFactor,
        Map.of("CHORALE_AGGREGATOR_BOUND", String.valueOf(bound)));
  }

  /**
   * Returns the plan of a site.
   *
   * @param environment variables for every process, for settings that have no option
   */
  static LocalSite.Plan site(
      String name,
      List<Board> boards,
      BenchModels models,
      int boardFactor,
      Map<String, String> environment) {
    List<String> workers =
        boardFactor == 1 ? List.of() : List.of("--board-factor", String.valueOf(boardFactor));
    return new LocalSite.Plan(
        name,
        new Topics(name),
        boards,
        models.set().directory(),
        new LocalSite.Arguments(List.of(), List.of(), workers, environment));
  }

  /** Starts a site without waiting until it is ready. */
  LocalSite start(LocalSite.Plan site) throws IOException {
    return LocalSite.start(site, broker, buses, folder.path().resolve(site.name()));
  }

  /** Returns a camera of a site, which may not be connected yet. */
  Camera camera(String site) {
    return new Camera("bench", new Topics(site), BUDGET_MILLIS, buses);
  }

  URI uri() {
    return broker.uri();
  }

  /** Returns the arguments with which a child process connects to the broker. */
  List<String> arguments() {
    return broker.arguments();
  }

  /** Returns the environment variables with which a child process connects to the broker. */
  Map<String, String> environment() {
    return broker.environment();
  }

  /** Returns the settings of a connection to the broker. */
  ConnectionSettings connection() {
    return broker.connection();
  }

  /** Returns a factory of connections to the broker. */
  BusFactory buses() {
    return buses;
  }

  /** Returns the folder for files and logs; it is deleted on close. */
  Path folder() {
    return folder.path();
  }

  /** Returns the processor time of the broker so far. */
  Duration processorTime() {
    return broker.processorTime();
  }

  @Override
  public void close() {
    broker.close();
    folder.close();
  }
}
