package chorale.cli.setup;

import chorale.broker.EmbeddedBroker;
import chorale.broker.Mosquitto;
import chorale.protocol.access.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The embedded broker with the files of {@code chorale setup}. */
class SecuredEmbeddedBrokerTest extends SecuredSiteContract {
  @TempDir private static Path scratch;

  private static SetUpSite site;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    site = SetUpSite.in(scratch.resolve("site"), Mosquitto.freePort(), true);
    broker =
        EmbeddedBroker.start(
            site.configured("host.conf").broker(),
            Files.createDirectory(scratch.resolve("broker")),
            System::nanoTime,
            Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  static List<Identity> members() {
    return SetUpSite.MEMBERS;
  }

  @Override
  SetUpSite site() {
    return site;
  }

  /** The embedded broker detects changed files by itself. */
  @Override
  void reload() {}
}
