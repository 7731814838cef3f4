package chorale.cli;

import chorale.protocol.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The installation directory, its model sets and images, and the name of the host. The start
 * scripts set the directory ({@code -Dchorale.home}): a checkout or an unpacked archive. Stateless.
 */
public final class Home {
  private Home() {}

  public static Optional<Path> directory() {
    return Optional.ofNullable(System.getProperty("chorale.home")).map(Path::of);
  }

  /** Returns the model set of this installation: that of a package, or that of a checkout. */
  public static Path models() {
    Path home = directory().orElse(Path.of(""));
    try (Stream<Path> packed = Files.list(home.resolve("models"))) {
      return packed.sorted().findFirst().orElseThrow(IOException::new);
    } catch (IOException e) {
      return home.resolve("variants").resolve("models").resolve("cifar10");
    }
  }

  /** Returns the model set for a strategy; the set for strategy class lies beside the other. */
  public static Path models(Strategy strategy) {
    Path models = models();
    return strategy == Strategy.CLASS
        ? models.resolveSibling(models.getFileName() + "-class")
        : models;
  }

  /** Returns the folder of the images that come with Chorale. */
  public static Path pictures() {
    return directory().orElse(Path.of("")).resolve("pictures");
  }

  /** Returns the host's name, the default name of a service. */
  public static String hostName() {
    try {
      String name = Files.readString(Path.of("/etc/hostname")).strip();
      if (!name.isEmpty()) {
        return name;
      }
    } catch (IOException e) {
      // Not Linux, or not readable: try the environment.
    }
    for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
      String name = System.getenv(variable);
      if (name != null && !name.isBlank()) {
        return name;
      }
    }
    return "host";
  }

  /** Returns the version that the build wrote into {@code version.properties}. */
  public static String version() {
    Properties properties = new Properties();
    try (var in = Home.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "unknown";
    }
    return properties.getProperty("version", "unknown");
  }
}
