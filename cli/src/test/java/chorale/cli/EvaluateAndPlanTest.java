package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.File;
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

/** {@code evaluate} and {@code plan} on drawings, with the network of the worker's tests. */
class EvaluateAndPlanTest {
  private static final String CORNERS =
      Path.of("..", "worker", "src", "test", "resources", "corners").toString();

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void evaluate_labeledFolder_writesTheInputOfPlan() throws Exception {
    draw("red", 0xFF0000, 3);
    draw("blue", 0x0000FF, 3);
    Path json = folder.resolve("evaluation.json");
    Path report = folder.resolve("report");

    assertEquals(
        0,
        run(
            "evaluate",
            "--data=" + folder.resolve("data"),
            "--models=" + CORNERS,
            "--count=4",
            "--json=" + json,
            "--report=" + report),
        err::toString);

    assertTrue(out.toString().contains("all together: 100.00 %"), out.toString());
    JsonNode written = new ObjectMapper().readTree(Files.readString(json));
    assertEquals(4, written.path("data").path("images").asInt());
    assertEquals(1.0, written.path("variants").get(0).path("accuracy").asDouble());
    assertTrue(written.get("reference").isNull());
    assertTrue(Files.isRegularFile(report.resolve("accuracy-macs.svg")));

    Path plan = folder.resolve("plan.json");
    assertEquals(
        0,
        run("plan", "--evaluation=" + json, "--board=one=2", "--board=two=3", "--json=" + plan),
        err::toString);
    assertTrue(out.toString().contains("C16, accuracy 100.00 %"), out.toString());
    JsonNode boards = new ObjectMapper().readTree(Files.readString(plan)).path("boards");
    assertEquals("C16", boards.get(0).path("variant").asText());
    assertEquals("C16", boards.get(1).path("variant").asText());
    assertEquals("replica", boards.get(1).path("duty").asText());
  }

  @Test
  void plan_tiers_namesTheTierOfEachBoard() throws Exception {
    Path evaluation = folder.resolve("evaluation.json");
    Files.writeString(
        evaluation,
        """
        {"set": "made",
         "variants": [{"id": "A", "macs": 5, "inference_ms": 2.0}],
         "combinations": [{"variants": ["A"], "accuracy": 0.5, "macs": 5}],
         "reference": {"id": "R", "macs": 50, "inference_ms": 20.0},
         "tiers": [{"plan": "A/R", "accuracy": 0.75, "reached": [1, 0.25],
                    "without": [{"without": "A", "accuracy": 0.7},
                                {"without": "R", "accuracy": 0.5}]}]}
        """);
    Path json = folder.resolve("tiers.json");

    assertEquals(
        0,
        run(
            "plan",
            "--evaluation=" + evaluation,
            "--board=one=2",
            "--board=two=1",
            "--json=" + json,
            "--tiers"),
        err::toString);

    assertTrue(out.toString().contains("--name one --variant A --tier 1"), out.toString());
    assertTrue(out.toString().contains("--name two --variant R --tier 2"), out.toString());
    JsonNode written = new ObjectMapper().readTree(Files.readString(json));
    // 9 ms for A, 25 ms for a quarter of the frames
    assertEquals(15.25, written.path("response_mean_ms").asDouble(), out.toString());
    assertMistake(
        evaluation + ": no tiers R/A (create it with 'chorale evaluate --tiers R/A --json FILE')",
        "plan",
        "--evaluation=" + evaluation,
        "--board=one=2",
        "--tiers=R/A");
  }

  @Test
  void evaluate_unknownImages_areSeparatedFromTheClasses() throws Exception {
    draw("red", 0xFF0000, 3);
    draw("blue", 0x0000FF, 3);
    draw("../unknown/gray", 0x808080, 2);
    draw("../unknown/pink", 0xFF80C0, 2);
    Path json = folder.resolve("evaluation.json");

    assertEquals(
        0,
        run(
            "evaluate",
            "--data=" + folder.resolve("data"),
            "--unknown=" + folder.resolve("unknown"),
            "--models=" + CORNERS,
            "--json=" + json,
            "--report=" + folder.resolve("report")),
        err::toString);

    assertTrue(out.toString().contains("unknown: 4 images of 2 families"), out.toString());
    JsonNode separation = new ObjectMapper().readTree(Files.readString(json)).path("separation");
    assertEquals(1.0, separation.at("/measures/0/auroc/all").asDouble(), separation.toString());
    assertTrue(Files.isRegularFile(folder.resolve("report").resolve("coverage.png")));
  }

  @Test
  void evaluate_unknownFolderOfAClass_isRefused() throws Exception {
    draw("red", 0xFF0000, 1);
    draw("blue", 0x0000FF, 1);

    assertMistake(
        "--unknown: "
            + folder.resolve("data")
            + ": folders named like classes of the set corners: blue, red; rename or remove them",
        "evaluate",
        "--data=" + folder.resolve("data"),
        "--unknown=" + folder.resolve("data"),
        "--models=" + CORNERS);
  }

  @Test
  void evaluate_withoutLabels_isRefused() throws Exception {
    draw("red", 0xFF0000, 2);

    assertMistake(
        "--data: "
            + folder.resolve("data")
            + ": no labels (needed: a folder of images for each class, at least two; classes:"
            + " black, blue, green, cyan, red, magenta, yellow, white)",
        "evaluate",
        "--data=" + folder.resolve("data"),
        "--models=" + CORNERS);
  }

  @Test
  void evaluate_unknownClass_isNamed() throws Exception {
    draw("red", 0xFF0000, 1);
    draw("pink", 0xFFAAAA, 1);

    assertMistake(
        "--data: "
            + folder.resolve("data")
            + ": not classes of the set corners: pink (allowed: black, blue, green, cyan, red,"
            + " magenta, yellow, white)",
        "evaluate",
        "--data=" + folder.resolve("data"),
        "--models=" + CORNERS);
  }

  @Test
  void evaluate_anotherSetsData_pointsToModels() throws Exception {
    draw("cat", 0, 1);
    draw("dog", 0, 1);

    run("evaluate", "--data=" + folder.resolve("data"), "--models=" + CORNERS);

    assertTrue(
        err.toString().contains("corners: cat, dog; choose the set of these classes with --models"),
        err.toString());
  }

  @Test
  void evaluate_badPaths_areNamed() {
    assertMistake(
        "--data: "
            + folder.resolve("no")
            + ": not found (allowed: files that end in .jpg, .jpeg or .png, folders and zip files"
            + " of them)",
        "evaluate",
        "--data=" + folder.resolve("no"));
    assertMistake("--count: '0'; allowed: 1 or more", "evaluate", "--data=a", "--count=0");
    assertMistake(
        "--json: '" + folder + "' cannot be written; allowed: a file in a writable folder",
        "evaluate",
        "--data=a",
        "--json=" + folder);
  }

  @Test
  void plan_mistakes_areNamed() throws Exception {
    Path none = folder.resolve("evaluation.json");
    assertMistake(
        none + ": no such file (create it with 'chorale evaluate --json FILE')",
        "plan",
        "--evaluation=" + none,
        "--board=a=1");
    Files.writeString(
        none,
        """
        {"set": "made", "variants": [{"id": "A", "macs": 5, "inference_ms": 2.0}],
         "combinations": [{"variants": ["A"], "accuracy": 0.5, "macs": 5}]}
        """);
    String evaluation = "--evaluation=" + none;
    assertMistake(
        "board 'a': factor 0.0 (allowed: a number above 0)", "plan", evaluation, "--board=a=0");
    assertMistake(
        "--board: 'a' twice; allowed: each board once",
        "plan",
        evaluation,
        "--board=a=1",
        "--board=a=2");
    assertMistake(
        "--board: 'a=fast'; allowed: NAME=FACTOR, a number", "plan", evaluation, "--board=a=fast");
    assertMistake(
        "--memory: no board 'b' (boards: a)", "plan", evaluation, "--board=a=1", "--memory=b=5");
    assertMistake(
        "--deadline: '5'; allowed: a number and its unit, like 40ms, 2s or 1m",
        "plan",
        evaluation,
        "--board=a=1",
        "--deadline=5");
    assertMistake(
        "no board can run any variant within the bounds: A takes 9.0 ms on the fastest board a,"
            + " above the deadline of 8.0 ms",
        "plan",
        evaluation,
        "--board=a=2",
        "--deadline=8ms");
  }

  private void assertMistake(String message, String... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(2, run(arguments), () -> String.join(" ", arguments) + " " + err);
    assertEquals(List.of("chorale: " + message), err.toString().lines().toList());
  }

  private int run(String... arguments) {
    CommandLine command = Chorale.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  private void draw(String label, int rgb, int count) throws IOException {
    File classFolder = Files.createDirectories(folder.resolve("data").resolve(label)).toFile();
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < 10; y++) {
        for (int x = 0; x < 20; x++) {
          image.setRGB(x, y, rgb);
        }
      }
      ImageIO.write(image, "png", new File(classFolder, i + ".png"));
    }
  }
}
