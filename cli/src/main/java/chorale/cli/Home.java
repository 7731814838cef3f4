package chorale.cli;

import chorale.protocol.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Where this Chorale lies and on what machine it runs. The start scripts tell the first ({@code
 * -Dchorale.home}): a checkout, or an unpacked archive.
 */
public final class Home {
  private Home() {}

  public static Optional<Path> directory() {
    return Optional.ofNullable(System.getProperty("chorale.home")).map(Path::of);
  }

  /** The model set that this Chorale came with: the one in a package, or the committed one. */
  public static Path models() {
    Path home = directory().orElse(Path.of(""));
    try (Stream<Path> packed = Files.list(home.resolve("models"))) {
      return packed.sorted().findFirst().orElseThrow(IOException::new);
    } catch (IOException e) {
      return home.resolve("variants").resolve("models").resolve("cifar10");
    }
  }

  /** The model set for a strategy: that for strategy class lies beside the other. */
  public static Path models(Strategy strategy) {
    Path models = models();
    return strategy == Strategy.CLASS
        ? models.resolveSibling(models.getFileName() + "-class")
        : models;
  }

  /** The pictures that Chorale ships. */
  public static Path pictures() {
    return directory().orElse(Path.of("")).resolve("pictures");
  }

  /** The host's own name, for services that are not given one. */
  public static String hostName() {
    try {
      String name = Files.readString(Path.of("/etc/hostname")).strip();
      if (!name.isEmpty()) {
        return name;
      }
    } catch (IOException e) {
      // Not Linux, or not ours to read: the environment may know it.
    }
    for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
      String name = System.getenv(variable);
      if (name != null && !name.isBlank()) {
        return name;
      }
    }
    return "host";
  }

  /** The version that the build wrote into {@code version.properties}. */
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
