package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every strategy on a live site, with the networks of the worker's tests: one network as both
 * variants and as the reference, and two for groups of classes.
 */
class CompareTest {
  private static final Path CORNERS =
      Path.of("..", "worker", "src", "test", "resources", "corners");

  @TempDir Path folder;

  @BeforeEach
  void makeSetAndImages() throws IOException {
    Path set = Files.createDirectories(folder.resolve("set"));
    for (String file : new String[] {"C16.onnx", "C16.stage1.onnx", "C16.stage2.onnx"}) {
      Files.copy(CORNERS.resolve(file), set.resolve(file));
    }
    String manifest = Files.readString(CORNERS.resolve("C16.json"));
    for (String id : new String[] {"A", "B", "whole"}) {
      Files.writeString(
          set.resolve(id + ".json"), manifest.replace("\"id\": \"C16\"", "\"id\": \"" + id + "\""));
    }
    Files.writeString(
        set.resolve("set.json"),
        Files.readString(CORNERS.resolve("set.json"))
            .replace("\"reference\": null", "\"reference\": \"whole\"")
            .replace("\"C16\"", "\"A\", \"B\"")
            .replaceFirst(
                "\\{",
                "{\"tiers\": [{\"plan\": \"A/B/whole\", \"thresholds\": [1, 0]}, "
                    + "{\"plan\": \"A/B\", \"thresholds\": [0]}],"));
    draw("red", 0xFF0000);
    draw("blue", 0x0000FF);
  }

  private void draw(String label, int color) throws IOException {
    Path images = Files.createDirectories(folder.resolve("images").resolve(label));
    BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 24 * 24; i++) {
      image.setRGB(i % 24, i / 24, color);
    }
    ImageIO.write(image, "jpg", images.resolve("1.jpg").toFile());
  }

  /** Exit code 0 means that every request around a killed board had the predicted outcome. */
  @Test
  void compare_twoVariants_measuresAllStrategiesAndLostBoards() throws Exception {
    Path json = folder.resolve("compare.json");
    Process compare =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Chorale.class.getName(),
                "compare",
                "--models=" + folder.resolve("set"),
                "--images=" + folder.resolve("images"),
                "--class-models=" + CORNERS.resolve("groups"),
                "--link=LAN",
                "--tensor-type=float16",
                "--rounds=1",
                "--turns=2",
                "--json=" + json)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("compare.out").toFile())
            .start();
    try {
      assertTrue(compare.waitFor(600, TimeUnit.SECONDS));
    } finally {
      compare.descendants().forEach(ProcessHandle::destroyForcibly);
      compare.destroyForcibly();
    }
    String out = Files.readString(folder.resolve("compare.out"));
    assertEquals(0, compare.exitValue(), out);

    JsonNode strategies = new ObjectMapper().readTree(Files.readString(json)).get("strategies");
    assertEquals(6, strategies.size(), out);
    for (JsonNode each : strategies) {
      assertEquals(1.0, each.get("accuracy").asDouble(), out);
      assertEquals(1.0, each.get("agreement").asDouble(), out);
    }
    JsonNode model = strategies.get(3);
    // 56 bytes and 3 float16 values, sent and received.
    assertEquals(124, model.at("/bytes_per_image/intermediate").asDouble(), out);
    assertEquals(0, strategies.get(0).at("/killed/0/lost").asInt(), out);
    JsonNode byClass = strategies.get(4);
    assertEquals("class", byClass.get("strategy").asText());
    assertEquals(0, byClass.at("/killed/0/lost").asInt(), out);
    // G1 classifies red, G2 blue: each alone is right about one of the two.
    assertEquals(.5, byClass.at("/availability/1/accuracy_mean").asDouble(), out);
    assertEquals(1, byClass.at("/availability/1/answered").asDouble(), out);
    JsonNode tiers = strategies.get(5);
    assertEquals("A/B/whole", tiers.get("plan").asText(), out);
    // The first tier is always unsure, the second one never.
    assertEquals(0, tiers.at("/reached/2").asDouble(), out);
    assertEquals(
        2 * tiers.at("/boards/0/macs").asLong(), tiers.get("macs_per_image").asLong(), out);
    assertEquals("whole", tiers.at("/killed/0/board").asText(), out);
    for (JsonNode killed : tiers.get("killed")) {
      assertEquals(0, killed.get("lost").asInt(), out);
    }
    assertEquals(2, tiers.get("killed").size(), out);
    assertTrue(model.at("/killed/0/lost").asInt() >= 32, out);
  }
}
