package chorale.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import chorale.worker.Classifier;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests with the network of the worker's tests, which returns the nearest corner of the RGB cube.
 * It is the only variant and, under another name, the reference.
 */
final class InferenceTest {
  private static final Path CORNERS =
      Path.of("..", "worker", "src", "test", "resources", "corners");
  private static final Classifier.Settings SETTINGS = new Classifier.Settings(1, 1_000_000);

  @TempDir Path directory;
  private final Told told = new Told();

  @BeforeEach
  void copySet() throws IOException {
    Files.copy(CORNERS.resolve("C16.onnx"), directory.resolve("C16.onnx"));
    Files.copy(CORNERS.resolve("C16.json"), directory.resolve("C16.json"));
    replace(CORNERS.resolve("C16.json"), "full.json", "\"id\": \"C16\"", "\"id\": \"full\"");
    replace(
        CORNERS.resolve("set.json"), "set.json", "\"reference\": null", "\"reference\": \"full\"");
  }

  @Test
  void run_images_runsEachNetworkOnceInOrder() throws Exception {
    List<LabeledImage> images = new ArrayList<>();
    for (int i = 0; i < 70; i++) { // more than one group
      images.add(i % 2 == 0 ? image("red", 0xFF0000) : image("blue", 0x0000FF));
    }
    images.set(3, image("red", 0x0000FF)); // wrong label

    Outputs outputs = run(images);
    Evaluation evaluation = Evaluator.evaluate(outputs);

    assertEquals(140, told.answered);
    assertEquals(70, evaluation.images());
    assertEquals(69 / 70.0, evaluation.variants().get(0).accuracy());
    assertEquals(69 / 70.0, evaluation.reference().orElseThrow().accuracy());
    assertEquals("full", evaluation.reference().get().network().id());
    assertEquals(
        evaluation.reference().get().network().cost(),
        evaluation.referenceCost().orElseThrow().own());
  }

  @Test
  void run_unreadableImage_isSkippedAndReported() throws Exception {
    Outputs outputs =
        run(
            List.of(
                image("red", 0xFF0000),
                new LabeledImage("broken.jpg", "red", Bytes.utf8("no image")),
                image("blue", 0x0000FF)));

    assertEquals(List.of("broken.jpg"), told.skipped);
    assertEquals(2, outputs.images());
    assertEquals(1, outputs.skipped());
    assertEquals(1.0, Evaluator.evaluate(outputs).all().accuracy());
  }

  @Test
  void run_unknownLabel_failsWithItsName() {
    EvaluationException e =
        assertThrows(EvaluationException.class, () -> run(List.of(image("pink", 0xFFAAAA))));

    assertEquals(
        "pink.png: 'pink' is not a class of corners (allowed: black, blue, green, cyan, red,"
            + " magenta, yellow, white)",
        e.getMessage());
  }

  private Outputs run(List<LabeledImage> images) throws Exception {
    try (Inference inference =
        new Inference(ModelSet.load(directory), SETTINGS, System::nanoTime)) {
      return inference.run(images.iterator(), told);
    }
  }

  private void replace(Path from, String to, String old, String replacement) throws IOException {
    Files.writeString(directory.resolve(to), Files.readString(from).replace(old, replacement));
  }

  private static LabeledImage image(String label, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 10; y++) {
      for (int x = 0; x < 20; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return new LabeledImage(label + ".png", label, Bytes.wrap(out.toByteArray()));
  }

  private static final class Told implements Inference.Listener {
    private final List<String> skipped = new ArrayList<>();
    private int answered;

    @Override
    public void answered() {
      answered++;
    }

    @Override
    public void skipped(String image, String reason) {
      skipped.add(image);
    }
  }
}
