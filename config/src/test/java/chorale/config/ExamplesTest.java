package chorale.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that every file in {@code config/examples/} works unchanged. */
final class ExamplesTest {
  private static final Path EXAMPLES = Path.of("examples");

  static List<Path> examples() throws IOException {
    try (var files = Files.list(EXAMPLES)) {
      return files
          .filter(file -> !file.getFileName().toString().endsWith(".mosquitto.conf"))
          .sorted()
          .toList();
    }
  }

  private static Settings load(Path example) throws SettingsException {
    return new SettingsLoader("host", Path.of("shipped"))
        .load(Optional.of(example), Map.of(), Map.of());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void load_anExample_changesTheDefaults(Path example) throws SettingsException {
    Settings defaults =
        new SettingsLoader("host", Path.of("shipped")).load(Optional.empty(), Map.of(), Map.of());

    Settings settings = load(example);

    assertEquals("home", settings.site());
    if (!example.endsWith("external-mosquitto.conf")) {
      assertNotEquals(defaults, settings);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"chorale/host.conf", "chorale/dashboard.conf", "chorale-worker/worker.conf"})
  void load_packagedFile_worksWithoutASite(String file) throws SettingsException {
    Settings settings = load(Path.of("..", "scripts", "packaging").resolve(file));

    assertEquals("mqtt://127.0.0.1:1883", settings.connection().broker().toString());
    assertEquals(file.endsWith("worker.conf"), settings.worker().isPresent());
  }

  @Test
  void examples_files_areThoseInTheReadme() throws IOException {
    Set<String> names =
        examples().stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());

    assertTrue(
        names.containsAll(
            Set.of(
                "raspberry-pi-worker.conf",
                "aggregator-host.conf",
                "external-mosquitto.conf",
                "tls.conf")),
        names.toString());
  }

  @Test
  void load_tlsExample_trustsTheSitesAuthority() throws SettingsException {
    var tls = load(EXAMPLES.resolve("tls.conf")).connection().tls().orElseThrow();

    assertEquals(
        Optional.of(EXAMPLES.toAbsolutePath().resolve("ca.pem")), tls.certificateAuthority());
    assertTrue(tls.key().isPresent());
  }

  @Test
  void load_aggregatorHostExample_usesTheAggregatorsLogin() throws SettingsException {
    Settings settings = load(EXAMPLES.resolve("aggregator-host.conf"));

    assertEquals(
        Optional.of(EXAMPLES.toAbsolutePath().resolve("users")), settings.broker().usersFile());
    assertEquals(
        settings.aggregator().name(), settings.connection().credentials().orElseThrow().user());
  }

  @Test
  void mosquittoExample_setsTcpNodelay() throws IOException {
    assertTrue(
        Files.readString(EXAMPLES.resolve("external-mosquitto.mosquitto.conf"))
            .contains("\nset_tcp_nodelay true\n"));
  }
}
