package chorale.cli;

import chorale.config.Settings;
import chorale.config.SettingsException;
import chorale.config.SettingsLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options of every command that connects to a broker ({@code @Mixin}), and the loading of
 * {@link Settings} from them.
 */
public final class CommonOptions {
  @Option(
      names = "--broker",
      paramLabel = "URI",
      description = "The MQTT broker: mqtt://[user:password@]host[:port]; mqtts:// for TLS.")
  private Optional<String> broker = Optional.empty();

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "The user at the broker; needs --password-file.")
  private Optional<String> user = Optional.empty();

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file whose first line is the user's password at the broker.")
  private Optional<Path> passwordFile = Optional.empty();

  @Option(names = "--site", paramLabel = "NAME", description = "The site. Default: home.")
  private Optional<String> site = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A configuration file (HOCON); 'chorale config' prints every key.")
  private Optional<Path> config = Optional.empty();

  public Settings load() throws SettingsException {
    return load(new Flags());
  }

  /** Returns the effective settings: defaults, then file, environment, and these flags. */
  public Settings load(Flags flags) throws SettingsException {
    Settings settings = loader().load(config, System.getenv(), all(flags));
    LogSetup.apply(settings.logFormat());
    return settings;
  }

  public static SettingsLoader loader() {
    return new SettingsLoader(Home.hostName(), Home.models());
  }

  /** Returns the value from the command line; empty if file, environment or default decide. */
  public Optional<String> broker() {
    return broker;
  }

  public Optional<Path> config() {
    return config;
  }

  /** Returns these options and the command's own, by key. */
  public Map<String, String> all(Flags flags) {
    Flags all =
        new Flags()
            .set("connection.broker", broker)
            .set("connection.user", user)
            .set("connection.password-file", passwordFile)
            .set("site", site);
    Map<String, String> values = new LinkedHashMap<>(all.values());
    values.putAll(flags.values());
    return values;
  }

  /** The flags of a command, by the key that each sets: {@code set("worker.variant", variant)}. */
  public static final class Flags {
    private final Map<String, String> values = new LinkedHashMap<>();

    public Flags set(String key, Optional<?> value) {
      value.ifPresent(given -> values.put(key, given.toString()));
      return this;
    }

    Map<String, String> values() {
      return values;
    }
  }
}
