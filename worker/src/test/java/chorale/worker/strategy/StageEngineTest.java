package chorale.worker.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.imaging.ImageRejectedException;
import chorale.imaging.TestPictures;
import chorale.protocol.Bytes;
import chorale.protocol.Stage;
import chorale.protocol.strategy.Tensor;
import chorale.protocol.strategy.Tensor.Shape;
import chorale.protocol.strategy.TensorType;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.Classifier;
import chorale.worker.Corners;
import chorale.worker.Engine;
import chorale.worker.Probabilities;
import chorale.worker.WorkerStartException;
import java.awt.Color;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StageEngineTest {
  @TempDir Path directory;

  /** Opens one of the two stages of the synthetic network. */
  static StageEngine open(Path directory, int stage, TensorType type)
      throws ModelSetException, WorkerStartException, IOException {
    return StageEngine.open(
        ModelSet.load(Corners.copyTo(directory)),
        Corners.VARIANT,
        new StageEngine.Settings(new Stage(stage, 2), type, Corners.SETTINGS),
        System::nanoTime);
  }

  @Test
  void run_stagesOneAfterTheOther_areTheWholeNetwork() throws Exception {
    for (TensorType type : TensorType.values()) {
      try (Classifier whole = Corners.open(directory);
          StageEngine first = open(directory, 1, type);
          StageEngine second = open(directory, 2, type)) {
        for (Color color : new Color[] {Color.RED, Color.ORANGE, Color.BLACK}) {
          Bytes image = TestPictures.jpeg(color);
          Probabilities expected = whole.classify(image).probabilities();
          Handed handed = (Handed) first.run(new Engine.Image(image));
          assertEquals(new Shape(3, 1, 1), handed.tensor().shape());
          Probabilities actual = (Probabilities) second.run(handed);
          for (int i = 0; i < expected.classCount(); i++) {
            assertEquals(expected.of(i), actual.of(i), tolerance(type));
          }
        }
      }
    }
  }

  private static double tolerance(TensorType type) {
    return type == TensorType.FLOAT32 ? 1e-6 : 1e-3;
  }

  @Test
  void run_inputOfAnotherKindOrShape_isRefused() throws Exception {
    Tensor other =
        Tensor.of(new Shape(1, 1, 3), TensorType.FLOAT32, FloatBuffer.wrap(new float[3]));
    try (StageEngine first = open(directory, 1, TensorType.FLOAT32);
        StageEngine second = open(directory, 2, TensorType.FLOAT32)) {
      assertThrows(IllegalArgumentException.class, () -> first.run(new Handed(other)));
      assertThrows(IllegalArgumentException.class, () -> second.run(new Handed(other)));
      assertThrows(
          IllegalArgumentException.class, () -> second.run(new Engine.Image(Bytes.utf8("x"))));
      assertThrows(
          ImageRejectedException.class, () -> first.run(new Engine.Image(Bytes.utf8("x"))));
    }
  }

  @Test
  void open_missingStage_isNamed() throws IOException {
    Corners.copyTo(directory);
    assertTrue(refusal(new Stage(3, 3)).endsWith("has 2 stages, but stage 3 of 3 is configured"));
    Files.delete(directory.resolve("C16.stage2.onnx"));
    assertTrue(refusal(new Stage(2, 2)).contains("C16.stage2.onnx: cannot be read"));
  }

  @Test
  void open_otherStageThanTheManifestDescribes_isRefused() throws IOException {
    Corners.copyTo(directory);
    Path manifest = directory.resolve("C16.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("\"deviation\": 0.309", "\"deviation\": 0.409"));
    assertTrue(refusal(new Stage(2, 2)).contains("its output on the golden input has mean 0.125"));
  }

  private String refusal(Stage stage) {
    return assertThrows(
            ModelSetException.class,
            () ->
                StageEngine.open(
                    ModelSet.load(directory),
                    Corners.VARIANT,
                    new StageEngine.Settings(stage, TensorType.FLOAT32, Corners.SETTINGS),
                    System::nanoTime))
        .getMessage();
  }
}
