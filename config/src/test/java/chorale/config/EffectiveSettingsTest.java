package chorale.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EffectiveSettingsTest {
  private static final String SECRET = "hush-hush-hush";

  private final SettingsLoader loader = new SettingsLoader("host", Path.of("shipped"));

  @Test
  void secretFiles_areFilesOfPasswordsAndKeys(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("chorale.conf"),
            "chorale { broker.users-file = users, broker.tls { certificate = c.pem, key = k.pem },"
                + " worker { reply-key-file = r, tensor-key-file = t },"
                + " aggregator.reply-keys-file = rs, connection { user = pi, password-file = pw } }");
    Files.writeString(folder.resolve("pw"), "secret");

    List<Path> files = loader.effective(Optional.of(file), Map.of(), Map.of()).secretFiles();

    assertEquals(
        Stream.of("pw", "r", "t", "rs", "users", "k.pem").map(folder::resolve).toList(), files);
  }

  @Test
  void render_secrets_areHidden(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("c.conf"),
            "chorale { connection { broker = \"mqtt://u:"
                + SECRET
                + "@host\", user = u, password = \""
                + SECRET
                + "\" } }");

    EffectiveSettings effective = loader.effective(Optional.of(file), Map.of(), Map.of());

    for (String shown :
        new String[] {
          effective.render(false), effective.render(true), effective.settings().toString()
        }) {
      assertFalse(shown.contains(SECRET), shown);
      assertTrue(shown.contains("***"), shown);
    }
  }

  @Test
  void render_output_loadsAsTheSameSettings(@TempDir Path directory) throws Exception {
    EffectiveSettings effective =
        loader.effective(Optional.empty(), Map.of(), Map.of("worker.variant", "V2"));
    Path printed = Files.writeString(directory.resolve("printed.conf"), effective.render(true));

    Settings again = loader.load(Optional.of(printed.toAbsolutePath()), Map.of(), Map.of());

    assertEquals(effective.settings().connection(), again.connection());
    assertEquals(effective.settings().aggregator(), again.aggregator());
    assertEquals("host-V2", again.worker().orElseThrow().name());
  }

  @Test
  void render_withOrigins_namesFileVariableFlagAndDefault(@TempDir Path directory)
      throws Exception {
    Path file = Files.writeString(directory.resolve("c.conf"), "chorale {\n  site = barn\n}");

    String shown =
        loader
            .effective(
                Optional.of(file),
                Map.of("CHORALE_AGGREGATOR_K", "3"),
                Map.of("worker.variant", "V1"))
            .render(true);

    assertTrue(shown.contains("site = \"barn\"  # " + file + ":2\n"), shown);
    assertTrue(shown.contains("k = \"3\"  # CHORALE_AGGREGATOR_K\n"), shown);
    assertTrue(shown.contains("variant = \"V1\"  # --variant\n"), shown);
    assertTrue(shown.contains("intra-op-threads = 1  # default\n"), shown);
    assertTrue(shown.contains("name = \"host-V1\"  # host, variant\n"), shown);
  }

  @Test
  void render_everyKeyOfTheManual_isShown() throws Exception {
    var shown =
        ConfigFactory.parseString(
            loader.effective(Optional.empty(), Map.of(), Map.of()).render(false));
    var manual = ConfigFactory.parseResources("reference.conf");

    assertEquals(manual.getObject("chorale").keySet(), shown.getObject("chorale").keySet());
    assertEquals(
        manual.getObject("chorale.connection").keySet(),
        shown.getObject("chorale.connection").keySet());
  }
}
