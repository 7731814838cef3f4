package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The variants of the default model set on drawings, with liars among them. */
final class AttackTest {
  private static final String MODELS = Path.of("..", "variants", "models", "cifar10").toString();
  private static final String ONE =
      Path.of("..", "worker", "src", "test", "resources", "corners").toString();

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void attack_labeledFolder_writesAllFigures() throws Exception {
    draw("ship", Color.BLUE);
    draw("frog", Color.GREEN);
    Path json = folder.resolve("attack.json");
    Path report = folder.resolve("report");
    int code =
        run(
            "attack",
            "--data=" + folder.resolve("data"),
            "--models=" + MODELS,
            "--json=" + json,
            "--report=" + report);
    assertEquals(0, code, err::toString);
    JsonNode results = new ObjectMapper().readTree(Files.readString(json)).path("results");
    assertTrue(results.size() > 100, () -> results.size() + " rows");
    for (JsonNode each : results) {
      assertEquals(0, each.path("false_certificates").asInt(), each::toString);
      assertEquals(0, each.path("honest_quarantined").asInt(), each::toString);
    }
    assertTrue(out.toString().contains("false certificates: 0 in all replays"), out.toString());
    assertTrue(Files.readString(report.resolve("report.md")).contains("## Certificates"));
  }

  @Test
  void attack_setOfOneVariant_isAMistake() throws Exception {
    draw("red", Color.RED);
    draw("blue", Color.BLUE);
    assertEquals(2, run("attack", "--data=" + folder.resolve("data"), "--models=" + ONE));
    assertEquals(
        List.of(
            "chorale: corners: 1 variants (allowed: at least 3, so that honest boards can outvote a"
                + " liar)"),
        err.toString().lines().toList());
  }

  private int run(String... arguments) {
    CommandLine command = Chorale.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  private void draw(String label, Color color) throws IOException {
    Path of = Files.createDirectories(folder.resolve("data").resolve(label));
    for (int i = 1; i <= 3; i++) {
      BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(color);
      graphics.fillOval(2 * i, 3 * i, 20, 12);
      graphics.dispose();
      ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
    }
  }
}
