package chorale.config;

import chorale.config.WorkerSettings.ReplicaMode;
import chorale.protocol.Bytes;
import chorale.protocol.Fusion;
import chorale.protocol.Limits;
import chorale.protocol.Strategy;
import chorale.protocol.TierPlan;
import chorale.protocol.bus.BrokerAddress;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Credentials;
import chorale.protocol.bus.ConnectionSettings.Timing;
import chorale.protocol.bus.ConnectionSettings.Tls;
import chorale.protocol.strategy.TensorType;
import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The conversion of merged values into typed settings, with the rules for each key and between
 * keys.
 */
final class SettingsReader {
  private static final int MAX_COUNT = 1_000_000;
  private static final int MAX_BYTES_A_SECOND = 999_999_999;
  private static final int MAX_CONCURRENCY = 16;

  /** Leaves processor time for other programs. */
  private static final int DEFAULT_CONCURRENCY = 4;

  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final Values values;

  private SettingsReader(Values values) {
    this.values = values;
  }

  /**
   * @param chorale the complete section {@code chorale}
   */
  static Settings read(Config chorale) throws SettingsException {
    return new SettingsReader(new Values(chorale.root())).settings();
  }

  private Settings settings() throws SettingsException {
    return new Settings(
        values.name("site"),
        connection(),
        worker(),
        aggregator(),
        broker(),
        publisher(),
        dashboard(),
        metrics(),
        values.choice("log.format", LogFormat.class),
        new Settings.KeyFiles(
            values.path("worker.reply-key-file"),
            values.path("worker.tensor-key-file"),
            values.path("aggregator.reply-keys-file")));
  }

  private ConnectionSettings connection() throws SettingsException {
    BrokerAddress.Parsed broker = brokerAddress();
    return new ConnectionSettings(
        broker.address(),
        credentials(broker),
        broker.address().tls() ? Optional.of(tls()) : Optional.empty(),
        new Timing(
            values.duration("connection.connect-timeout", SHORTEST, LONGEST),
            values.duration("connection.keep-alive", Duration.ofSeconds(1), Duration.ofHours(18)),
            values.duration("connection.backoff-min", SHORTEST, LONGEST),
            backoffMax()),
        values.integer("connection.in-flight", 1, 65_535),
        values.integer("connection.outbox", 1, MAX_COUNT));
  }

  private Duration backoffMax() throws SettingsException {
    Duration min = values.duration("connection.backoff-min", SHORTEST, LONGEST);
    return values.duration("connection.backoff-max", min, LONGEST);
  }

  private BrokerAddress.Parsed brokerAddress() throws SettingsException {
    String key = "connection.broker";
    try {
      return BrokerAddress.parse(values.text(key));
    } catch (IllegalArgumentException e) {
      throw values.refused(key, e.getMessage());
    }
  }

  /** Returns user and password from the address, the settings, or both; duplicates must agree. */
  private Optional<Credentials> credentials(BrokerAddress.Parsed broker) throws SettingsException {
    Optional<String> user = values.optionalText("connection.user");
    Optional<Values.Secret> secret =
        values.secret("connection.password", "connection.password-file", 1, 1024);
    if (broker.user().isPresent() && user.isPresent() && !broker.user().equals(user)) {
      throw values.refused(
          "connection.user", "the user in connection.broker, or set only one of the two");
    }
    Optional<String> password = secret.map(Values.Secret::text);
    if (broker.password().isPresent()
        && password.isPresent()
        && !broker.password().equals(password)) {
      throw values.refused(
          secret.get().key(), "the password in connection.broker, or set only one of the two");
    }
    return credentials(broker.user().or(() -> user), broker.password().or(() -> password), secret);
  }

  private Optional<Credentials> credentials(
      Optional<String> user, Optional<String> password, Optional<Values.Secret> secret)
      throws SettingsException {
    if (user.isPresent() && password.isPresent()) {
      return Optional.of(new Credentials(user.get(), password.get()));
    }
    if (user.isPresent()) {
      throw values.incomplete(
          values.isSet("connection.user") ? "connection.user" : "connection.broker",
          "has no password",
          "set connection.password or connection.password-file");
    }
    if (password.isPresent()) {
      throw values.incomplete(secret.orElseThrow().key(), "has no user", "set connection.user");
    }
    return Optional.empty();
  }

  private Tls tls() throws SettingsException {
    Tls tls =
        new Tls(
            values.path("connection.tls.certificate-authority"),
            values.path("connection.tls.certificate"),
            values.path("connection.tls.key"));
    if (tls.certificate().isPresent() != tls.key().isPresent()) {
      throw values.refused(
          tls.key().isPresent() ? "connection.tls.key" : "connection.tls.certificate",
          "connection.tls.certificate and connection.tls.key, both or neither");
    }
    return tls;
  }

  private Optional<WorkerSettings> worker() throws SettingsException {
    int threads = values.integer("worker.intra-op-threads", 1, 64);
    int maxPixels = values.integer("worker.max-pixels", 1, 1 << 28);
    double boardFactor = boardFactor(threads);
    int concurrency = concurrency(threads, boardFactor);
    Duration health = values.duration("worker.health-every", Duration.ofMillis(100), LONGEST);
    WorkerSettings.Place place = place();
    if (!values.isSet("worker.variant")) {
      return Optional.empty();
    }
    return Optional.of(
        new WorkerSettings(
            values.name("worker.variant"),
            values.name("worker.name"),
            values.path("worker.models").orElseThrow(),
            threads,
            concurrency,
            maxPixels,
            boardFactor,
            health,
            place));
  }

  private WorkerSettings.Place place() throws SettingsException {
    Strategy strategy = strategy();
    Optional<Integer> stage = values.optionalInteger("worker.stage", 1, Limits.MAX_STAGES);
    if (stage.isPresent() && strategy != Strategy.MODEL) {
      throw values.refused("worker.stage", "not set; a stage needs strategy model");
    }
    ReplicaMode replicas = values.choice("worker.replicas", ReplicaMode.class);
    if (replicas == ReplicaMode.ALL && strategy.isShared()) {
      throw values.refused("worker.replicas", "share, with strategy " + strategy.label());
    }
    int tier = values.integer("worker.tier", 1, TierPlan.MAX_TIERS);
    if (tier > 1 && strategy != Strategy.VARIANT) {
      throw values.refused("worker.tier", "1; a higher tier needs strategy variant");
    }
    return new WorkerSettings.Place(
        strategy, replicas, stage, values.choice("worker.tensor-type", TensorType.class), tier);
  }

  private Strategy strategy() throws SettingsException {
    return values.choice("strategy", Strategy.class);
  }

  /**
   * Returns the factor. A factor above 1 requires 1 thread, because emulation measures the
   * processor time of one thread.
   */
  private double boardFactor(int threads) throws SettingsException {
    double factor = values.number("worker.board-factor", 1, 1_000);
    if (factor > 1 && threads > 1) {
      throw values.refused("worker.board-factor", "1 if worker.intra-op-threads is above 1");
    }
    return factor;
  }

  /** Returns the setting; by default what the processors allow, or 1 for an emulated board. */
  private int concurrency(int threads, double boardFactor) throws SettingsException {
    if (values.isSet("worker.concurrency")) {
      return values.integer("worker.concurrency", 1, MAX_CONCURRENCY);
    }
    int processors = boardFactor > 1 ? 1 : Runtime.getRuntime().availableProcessors();
    return Math.max(1, Math.min(DEFAULT_CONCURRENCY, processors / threads));
  }

  private Escalate escalate() throws SettingsException {
    String key = "aggregator.escalate";
    String allowed = "off, set, a margin from 0 to 1, or a share from 0% to 100%";
    String text = values.scalar(key, allowed).replace(" ", "");
    if (text.equals("off") || text.equals("set")) {
      return new Escalate(text.equals("off") ? Escalate.By.OFF : Escalate.By.SET, 0);
    }
    if (text.matches("\\d{1,3}(\\.\\d{1,9})?%?")) {
      boolean share = text.endsWith("%");
      double value = Double.parseDouble(text.replace("%", "")) / (share ? 100 : 1);
      if (value <= 1) {
        return new Escalate(share ? Escalate.By.SHARE : Escalate.By.MARGIN, value);
      }
    }
    throw values.refused(key, allowed);
  }

  private AggregatorSettings aggregator() throws SettingsException {
    return new AggregatorSettings(
        values.name("aggregator.name"),
        values.choice("aggregator.fusion", Fusion.class),
        budget("aggregator.deadline"),
        values.integer("aggregator.k", Limits.MIN_K, Limits.MAX_K),
        values.integer("aggregator.quorum", 0, 1000),
        values.bool("aggregator.bound"),
        values.integer("aggregator.withstand", 0, 1000),
        values.duration("aggregator.check-every", Duration.ofSeconds(1), LONGEST),
        escalate(),
        values.number("aggregator.min-confidence", 0, 1),
        values.number("aggregator.min-margin", 0, 1),
        values.integer("aggregator.steady", 0, 1000),
        values.integer("aggregator.open-windows", 1, MAX_COUNT),
        values.integer("aggregator.remembered", 0, MAX_COUNT),
        values.texts("aggregator.response-prefixes"),
        values.duration("aggregator.health-every", Duration.ofMillis(100), LONGEST),
        strategy(),
        values.path("aggregator.models"));
  }

  private Duration budget(String key) throws SettingsException {
    return values.duration(
        key,
        Duration.ofMillis(Limits.MIN_BUDGET_MILLIS),
        Duration.ofMillis(Limits.MAX_BUDGET_MILLIS));
  }

  private BrokerSettings broker() throws SettingsException {
    String bind = values.text("broker.bind");
    Optional<Path> usersFile = values.path("broker.users-file");
    if (usersFile.isEmpty() && !isLoopback(bind)) {
      throw values.refused(
          "broker.bind", "127.0.0.1, ::1 or localhost; any other address needs broker.users-file");
    }
    return new BrokerSettings(
        values.integer("broker.port", 0, 65_535),
        values.optionalInteger("broker.web-socket-port", 0, 65_535),
        webSocketOrigins(),
        bind,
        new BrokerSettings.CameraRate(
            values.integer("broker.camera-rate.frames", 0, MAX_COUNT),
            values.integer("broker.camera-rate.bytes", 0, MAX_BYTES_A_SECOND)),
        usersFile,
        listenerTls("broker.tls.", values.path("broker.tls.client-ca")));
  }

  /**
   * @param section prefix of the keys {@code certificate} and {@code key}
   */
  private Optional<BrokerSettings.ListenerTls> listenerTls(String section, Optional<Path> clientCa)
      throws SettingsException {
    Optional<Path> certificate = values.path(section + "certificate");
    Optional<Path> key = values.path(section + "key");
    if (certificate.isPresent() && key.isPresent()) {
      return Optional.of(new BrokerSettings.ListenerTls(certificate.get(), key.get(), clientCa));
    }
    List<String> given = new ArrayList<>();
    certificate.ifPresent(path -> given.add("certificate"));
    key.ifPresent(path -> given.add("key"));
    clientCa.ifPresent(path -> given.add("client-ca"));
    if (!given.isEmpty()) {
      throw values.refused(
          section + given.get(0), section + "certificate and " + section + "key, both or neither");
    }
    return Optional.empty();
  }

  private DashboardSettings dashboard() throws SettingsException {
    Optional<BrokerSettings.ListenerTls> tls = listenerTls("dashboard.tls.", Optional.empty());
    Optional<Path> usersFile = values.path("dashboard.users-file");
    String bind = values.text("dashboard.bind");
    if (!isLoopback(bind) && (tls.isEmpty() || usersFile.isEmpty())) {
      throw values.refused(
          "dashboard.bind",
          "127.0.0.1, ::1 or localhost; any other address needs dashboard.users-file and"
              + " dashboard.tls");
    }
    return new DashboardSettings(
        values.name("dashboard.name"),
        values.integer("dashboard.port", 0, 65_535),
        bind,
        hosts(),
        values.bool("dashboard.pictures"),
        usersFile,
        tls);
  }

  private MetricsSettings metrics() throws SettingsException {
    Optional<Values.Secret> token = values.secretFile("metrics.token-file", 16, 1024);
    String bind = values.text("metrics.bind");
    if (!isLoopback(bind) && token.isEmpty()) {
      throw values.refused(
          "metrics.bind",
          "127.0.0.1, ::1 or localhost; any other address needs metrics.token-file");
    }
    return new MetricsSettings(
        values.optionalInteger("metrics.port", 0, 65_535),
        bind,
        token.map(each -> Bytes.utf8(each.text())),
        listenerTls("metrics.tls.", Optional.empty()));
  }

  private List<String> hosts() throws SettingsException {
    String key = "dashboard.hosts";
    List<String> hosts = new ArrayList<>();
    for (String host : values.texts(key)) {
      if (!host.matches("[A-Za-z0-9.-]+")) {
        throw values.refused(key, "host names such as \"panel.example.org\", without a port");
      }
      hosts.add(host.toLowerCase(Locale.ROOT));
    }
    return hosts;
  }

  private List<String> webSocketOrigins() throws SettingsException {
    String key = "broker.web-socket-origins";
    List<String> origins = values.texts(key);
    for (String origin : origins) {
      if (!origin.matches("\\*|null|https?://[^/@\\s]+")) {
        throw values.refused(key, "origins such as \"https://panel.example.org\", or \"*\"");
      }
    }
    return origins;
  }

  private static boolean isLoopback(String address) {
    return address.equals("localhost")
        || address.equals("::1")
        || address.matches("127(\\.\\d{1,3}){3}");
  }

  private PublisherSettings publisher() throws SettingsException {
    return new PublisherSettings(
        values.name("publisher.camera"),
        values.duration("publisher.interval", Duration.ZERO, LONGEST),
        values.integer("publisher.in-flight", 1, MAX_COUNT),
        values.isSet("publisher.deadline")
            ? Optional.of(budget("publisher.deadline"))
            : Optional.empty(),
        values.optionalInteger("publisher.k", Limits.MIN_K, Limits.MAX_K),
        values.bool("publisher.right-size"),
        values.integer("publisher.quality", 1, 100));
  }
}
