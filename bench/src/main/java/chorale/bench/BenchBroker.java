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
 * The broker of a part, with a temporary folder for its processes. Sites and cameras connect to it.
 * One owning thread; close it after them.
 */
final class BenchBroker implements AutoCloseable {
  /** Longer than any answer here takes: what is measured is time, not deadlines. */
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
   * The embedded broker with TLS and users, as {@code chorale setup} makes it. All connections are
   * those of an operator of one site.
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
   * What a site runs.
   *
   * @param networks a worker for each
   * @param boardFactor of the workers
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
   * What a site runs.
   *
   * @param environment of every process, for settings that have no option
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

  /** Starts a site; it is not ready yet. */
  LocalSite start(LocalSite.Plan site) throws IOException {
    return LocalSite.start(site, broker, buses, folder.path().resolve(site.name()));
  }

  /** A camera of a site, which still has to connect. */
  Camera camera(String site) {
    return new Camera("bench", new Topics(site), BUDGET_MILLIS, buses);
  }

  URI uri() {
    return broker.uri();
  }

  /** Arguments by which a child process finds the broker. */
  List<String> arguments() {
    return broker.arguments();
  }

  /** Variables by which a child process finds the broker. */
  Map<String, String> environment() {
    return broker.environment();
  }

  /** The way to the broker. */
  ConnectionSettings connection() {
    return broker.connection();
  }

  /** Connections to the broker. */
  BusFactory buses() {
    return buses;
  }

  /** For files and logs; deleted on close. */
  Path folder() {
    return folder.path();
  }

  /** Processor time of the broker so far. */
  Duration processorTime() {
    return broker.processorTime();
  }

  @Override
  public void close() {
    broker.close();
    folder.close();
  }
}
