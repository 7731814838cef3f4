package chorale.config;

import chorale.protocol.Labels;
import chorale.protocol.Limits;
import chorale.protocol.Names;
import chorale.protocol.Strategy;
import chorale.protocol.bus.BrokerAddress;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A loader that merges settings from {@code reference.conf}, a file, the environment and flags, in
 * order of increasing priority. Rejects unknown keys and invalid values and names their origin. The
 * host name and the default model set are parameters. The loader also reads the processor count and
 * the files of secrets. Immutable.
 */
public final class SettingsLoader {
  /**
   * Environment variables that begin with {@code CHORALE_} but are not settings; only start
   * scripts, workers and tests read them.
   */
  public static final Set<String> OTHER_VARIABLES =
      Set.of(
          "CHORALE_HOME",
          "CHORALE_CACHE",
          "CHORALE_JAVA_OPTS",
          "CHORALE_REQUIRE_MOSQUITTO",
          "CHORALE_REQUIRE_CHROMIUM");

  static final String ROOT = "chorale";

  /** The id of the reference network in the model sets that Chorale trains. */
  private static final String REFERENCE = "reference";

  private static final String DEFAULT = "default";
  private static final String ENVIRONMENT_PREFIX = "CHORALE_";

  private final String hostName;
  private final Path shippedModels;
  private final Keys keys;
  private final Config reference;

  /**
   * @param hostName of this machine, for services without a configured name
   * @param shippedModels the default model set
   */
  public SettingsLoader(String hostName, Path shippedModels) {
    this.hostName = sanitized(Objects.requireNonNull(hostName, "hostName"));
    this.shippedModels = Objects.requireNonNull(shippedModels, "shippedModels");
    this.reference =
        ConfigFactory.parseResources(
            SettingsLoader.class.getClassLoader(),
            "reference.conf",
            ConfigParseOptions.defaults().setOriginDescription(DEFAULT).setAllowMissing(false));
    this.keys = Keys.of(reference.getObject(ROOT));
  }

  /**
   * @param flags values by key ({@code worker.variant}); messages use the last part of the key,
   *     which is the option's name ({@code --variant})
   */
  public Settings load(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags)
      throws SettingsException {
    return effective(file, environment, flags).settings();
  }

  /** Returns the settings with the origin of every value, for display. */
  public EffectiveSettings effective(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags)
      throws SettingsException {
    Config given = file.isPresent() ? parse(file.get()) : ConfigFactory.empty();
    Config merged;
    try {
      merged =
          fromFlags(flags)
              .withFallback(fromEnvironment(environment))
              .withFallback(given)
              .withFallback(reference)
              .resolve();
    } catch (ConfigException e) {
      throw new SettingsException("the configuration cannot be read: " + e.getMessage());
    }
    Config chorale = withDerived(merged.getConfig(ROOT));
    return new EffectiveSettings(keys, chorale, SettingsReader.read(chorale));
  }

  private Config parse(Path file) throws SettingsException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new SettingsException(
          "--config: '" + file + "' is not a readable file; allowed: a HOCON file");
    }
    ConfigObject root;
    try {
      root =
          ConfigFactory.parseFile(
                  file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
              .root();
    } catch (ConfigException e) {
      throw new SettingsException("the configuration cannot be read: " + e.getMessage());
    }
    for (Map.Entry<String, ConfigValue> entry : root.entrySet()) {
      if (!entry.getKey().equals(ROOT)) {
        throw SettingsException.at(
            entry.getValue().origin(),
            entry.getKey(),
            "unknown key",
            "everything inside 'chorale { ... }'");
      }
    }
    ConfigValue chorale = root.get(ROOT);
    if (chorale instanceof ConfigObject sections) {
      keys.requireKnown(sections);
    } else if (chorale != null) {
      throw SettingsException.at(chorale.origin(), ROOT, "not a section", "chorale { ... }");
    }
    return root.toConfig();
  }

  private Config fromEnvironment(Map<String, String> environment) throws SettingsException {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
      String name = entry.getKey();
      if (!name.startsWith(ENVIRONMENT_PREFIX) || OTHER_VARIABLES.contains(name)) {
        continue;
      }
      Optional<String> key = keys.ofVariable(name);
      if (key.isEmpty()) {
        throw new SettingsException(
            name
                + ": unknown setting in the environment"
                + keys.nearestVariable(name).map(near -> " (did you mean " + near + "?)").orElse("")
                + "; allowed: the keys that 'chorale config' shows, like CHORALE_WORKER_VARIANT");
      }
      config = config.withValue(ROOT + '.' + key.get(), given(key.get(), entry.getValue(), name));
    }
    return config;
  }

  private Config fromFlags(Map<String, String> flags) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, String> entry : flags.entrySet()) {
      String key = entry.getKey();
      if (!keys.isKnown(key)) {
        throw new IllegalArgumentException("a flag sets the unknown key " + key);
      }
      String option = "--" + key.substring(key.lastIndexOf('.') + 1);
      config = config.withValue(ROOT + '.' + key, given(key, entry.getValue(), option));
    }
    return config;
  }

  /** Parses a value: an empty text unsets the key, and commas separate the items of a list. */
  private ConfigValue given(String key, String text, String origin) {
    if (text.isEmpty()) {
      return ConfigValueFactory.fromAnyRef(null, origin);
    }
    if (keys.isList(key)) {
      return ConfigValueFactory.fromIterable(List.of(text.split(",", -1)), origin);
    }
    return ConfigValueFactory.fromAnyRef(text, origin);
  }

  /** Adds names and directories that are not set, derived from the machine and the strategy. */
  private Config withDerived(Config chorale) {
    Config config = chorale;
    if (!config.hasPath("worker.variant") && runsReference(config)) {
      config = derived(config, "worker.variant", REFERENCE, "strategy");
    }
    if (!config.hasPath("worker.name") && isText(config, "worker.variant")) {
      String task = config.getString("worker.variant");
      if (config.hasPath("worker.stage")) {
        task += '-' + config.getValue("worker.stage").unwrapped().toString();
      }
      config = derived(config, "worker.name", workerName(task), "host, variant");
    }
    if (!config.hasPath("worker.models")) {
      Path models =
          strategy(config).equals(Optional.of(Strategy.CLASS))
              ? shippedModels.resolveSibling(shippedModels.getFileName() + "-class")
              : shippedModels;
      config = derived(config, "worker.models", models.toString(), "shipped with Chorale");
    }
    if (!config.hasPath("aggregator.name")) {
      config = derived(config, "aggregator.name", hostName, "host");
    }
    if (!config.hasPath("dashboard.name")) {
      Optional<String> user = user(config).filter(Names::isValid);
      config =
          derived(
              config,
              "dashboard.name",
              user.orElse("dashboard"),
              user.isPresent() ? "connection.user" : "role");
    }
    return config;
  }

  private static boolean runsReference(Config config) {
    return strategy(config).filter(each -> !each.isFused()).isPresent();
  }

  /** Returns the strategy; an invalid one is rejected later. */
  private static Optional<Strategy> strategy(Config config) {
    return isText(config, "strategy")
        ? Labels.find(Strategy.class, config.getString("strategy"))
        : Optional.empty();
  }

  /** Returns the broker's user; an invalid address is rejected later. */
  private static Optional<String> user(Config config) {
    if (isText(config, "connection.user")) {
      return Optional.of(config.getString("connection.user"));
    }
    try {
      return BrokerAddress.parse(config.getString("connection.broker")).user();
    } catch (IllegalArgumentException | ConfigException e) {
      return Optional.empty();
    }
  }

  private static boolean isText(Config config, String key) {
    return config.hasPath(key) && config.getValue(key).valueType() == ConfigValueType.STRING;
  }

  private static Config derived(Config config, String key, String value, String origin) {
    return config.withValue(key, ConfigValueFactory.fromAnyRef(value, origin));
  }

  private String workerName(String task) {
    int room = Math.max(1, Limits.MAX_NAME_LENGTH - 1 - task.length());
    return hostName.substring(0, Math.min(room, hostName.length())) + '-' + task;
  }

  private static String sanitized(String host) {
    String name = host.replaceAll("[^A-Za-z0-9._-]", "-");
    String cut = name.substring(0, Math.min(name.length(), Limits.MAX_NAME_LENGTH));
    return Names.isValid(cut) ? cut : "host";
  }

  /** Returns the origin of a value, for messages. */
  static String place(ConfigOrigin origin) {
    if (origin.filename() != null && origin.lineNumber() > 0) {
      return origin.filename() + ':' + origin.lineNumber();
    }
    boolean isDefault = origin.description().startsWith(DEFAULT + ':');
    return isDefault ? DEFAULT : origin.description();
  }
}
