package chorale.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.evaluation.report.Plot;
import chorale.protocol.Calibration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvaluationReportTest {
  private static final List<String> CLASSES =
      IntStream.range(0, 10).mapToObj(i -> "class" + i).toList();
  private static final Network[] FIVE = {
    Made.network("V1", 96),
    Made.network("V2", 128),
    Made.network("V3", 160),
    Made.network("V4", 192),
    Made.network("V5", 224)
  };

  @TempDir Path folder;

  @BeforeAll
  static void withoutDisplay() {
    System.setProperty("java.awt.headless", "true");
  }

  @Test
  void write_evaluation_createsEveryLinkedFile() throws Exception {
    EvaluationReport.of(evaluation(Optional.of(Made.network("full", 2_000))), "test.zip")
        .write(folder, "report.md");

    String text = Files.readString(folder.resolve("report.md"));
    Matcher links = Pattern.compile("\\]\\(([^)]+)\\)").matcher(text);
    int files = 0;
    while (links.find()) {
      assertTrue(Files.size(folder.resolve(links.group(1))) > 1_000, links.group(1));
      files++;
    }
    assertEquals(6, files);
    assertEquals(2 * Plot.WIDTH, ImageIO.read(folder.resolve("k-sweep.png").toFile()).getWidth());
    assertTrue(text.contains("The reference network alone: "), text);
    assertTrue(
        text.contains("| correct variants | images | fused correct | reference correct |"), text);
  }

  @Test
  void write_twice_givesTheSameBytes(@TempDir Path other) throws Exception {
    EvaluationReport.of(evaluation(Optional.empty()), "test.zip").write(folder, "report.md");
    EvaluationReport.of(evaluation(Optional.empty()), "test.zip").write(other, "report.md");

    for (String name : List.of("report.md", "accuracy-macs.svg", "leave-one-out.svg")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve(name)), Files.readAllBytes(other.resolve(name)), name);
    }
  }

  @Test
  void write_svg_hasNoTextElements() throws Exception {
    EvaluationReport.of(evaluation(Optional.empty()), "test.zip").write(folder, "report.md");

    assertFalse(Files.readString(folder.resolve("accuracy-macs.svg")).contains("<text"));
  }

  @Test
  void text_withoutReference_saysSo() throws Exception {
    String text = EvaluationReport.of(evaluation(Optional.empty()), "test.zip").text();

    assertTrue(text.contains("The set has no reference network"), text);
    assertTrue(text.contains("counted layer by layer"), text);
    assertTrue(text.contains("| correct variants | images | fused correct |\n"), text);
  }

  @Test
  void write_singleVariant_hasNoLeaveOneOut() throws Exception {
    EvaluationReport.of(
            Evaluator.evaluate(Made.random(Made.set(CLASSES, FIVE[0]), 20, 1)), "test.zip")
        .write(folder, "report.md");

    assertFalse(Files.exists(folder.resolve("leave-one-out.png")));
    assertFalse(Files.readString(folder.resolve("report.md")).contains("leave-one-out"));
  }

  @Test
  void front_combinations_areMoreAccurateThanAllCheaperOnes() {
    Combination cheap = new Combination(List.of("A"), .5, 10);
    Combination worse = new Combination(List.of("B"), .4, 10);
    Combination equal = new Combination(List.of("C"), .5, 20);
    Combination best = new Combination(List.of("A", "C"), .6, 30);

    assertEquals(List.of(cheap, best), ParetoFront.of(List.of(best, equal, worse, cheap)));
  }

  @Test
  void shortName_numberedIds_shareAPrefix() {
    assertEquals("V1+2+10", ShortNames.of(List.of("V1", "V2", "V10")));
    assertEquals("V1", ShortNames.of(List.of("V1")));
    assertEquals("V1+V2-int8", ShortNames.of(List.of("V1", "V2-int8")));
    assertEquals("1+2", ShortNames.of(List.of("1", "2")));
  }

  private static Evaluation evaluation(Optional<Network> reference) throws Exception {
    return Evaluator.evaluate(
        Made.random(
            new EvaluatedSet("made", CLASSES, Calibration.NONE, List.of(FIVE), reference), 400, 1));
  }
}
