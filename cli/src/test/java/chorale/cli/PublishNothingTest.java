package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.broker.EmbeddedBroker;
import chorale.config.BrokerSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A folder without publishable images, with a real broker. */
class PublishNothingTest {
  @TempDir Path folder;

  @Test
  void publish_noUsableImage_reportsItAndFails() throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.createFile(images.resolve("empty.jpg"));
    Files.createFile(images.resolve("photo.heic"));
    StringWriter out = new StringWriter();
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(
            new BrokerSettings(0, Optional.empty(), "127.0.0.1"),
            Files.createDirectory(folder.resolve("broker")),
            System::nanoTime,
            Clock.systemUTC())) {
      CommandLine chorale = Chorale.commandLine();
      chorale.setOut(new PrintWriter(out));
      int code =
          chorale.execute(
              "publish", images.toString(), "--broker", "mqtt://127.0.0.1:" + broker.port());

      assertEquals(ExitCodes.FAILURE, code, out::toString);
    }
    assertTrue(out.toString().contains("not published: empty.jpg: empty"), out::toString);
    assertTrue(out.toString().contains("nothing was published"), out::toString);
    assertTrue(out.toString().contains("left out: 1 file that is not"), out::toString);
  }
}
