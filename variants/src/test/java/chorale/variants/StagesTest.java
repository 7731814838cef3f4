package chorale.variants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Digests;
import chorale.protocol.strategy.Tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StagesTest {
  private static final Bytes MODEL = Bytes.utf8("never opened");
  private static final String DIGEST = Digests.sha256(MODEL).hex();

  private static final String MANIFEST =
      """
      {"schema": 1, "id": "V1", "model": "V1.onnx", "sha256": "%1$s", "base": "mobilenetv2",
       "alpha": 0.35, "input_size": 96, "head": 256, "precision": "fp32", "classes": 2,
       "macs": 100, "params": 30, "macs_100": 100, "params_100": 30, "validation_accuracy": 0.5,
       "golden": {"top1": 1, "probabilities": [0.25, 0.75]},
       "stages": [
        {"model": "V1.stage1.onnx", "sha256": "%1$s", "macs": 60, "params": 10,
         "input": [3, 96, 96], "output": [8, 48, 24], "golden": {"mean": -0.5, "deviation": 1.5}},
        {"model": "V1.stage2.onnx", "sha256": "%1$s", "macs": 40, "params": 20,
         "input": [8, 48, 24], "output": [2], "golden": {"mean": 0.5, "deviation": 0.25}}]}
      """
          .formatted(DIGEST);

  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(directory.resolve("V1.json"), MANIFEST);
    Files.write(directory.resolve("V1.onnx"), MODEL.toArray());
  }

  @Test
  void load_stages_areInOrder() throws Exception {
    List<StageManifest> stages = VariantManifest.load(directory, "V1", 2, List.of()).stages();

    Path first = directory.resolve("V1.stage1.onnx");
    assertEquals(
        new StageManifest(
            first,
            Digests.sha256(MODEL),
            60,
            10,
            new Shape(3, 96, 96),
            Optional.of(new Shape(8, 48, 24)),
            new StageManifest.Golden(-.5, 1.5)),
        stages.get(0));
    assertEquals(new Shape(8, 48, 24), stages.get(1).input());
    assertEquals(Optional.empty(), stages.get(1).output());

    assertThrows(ModelSetException.class, () -> stages.get(0).readModel(), "the file is missing");
    Files.write(first, MODEL.toArray());
    assertEquals(MODEL, stages.get(0).readModel());
  }

  @Test
  void load_withoutStages_hasNone() throws Exception {
    Files.writeString(directory.resolve("V1.json"), MANIFEST.replace("\"stages\"", "\"other\""));
    assertEquals(List.of(), VariantManifest.load(directory, "V1", 2, List.of()).stages());
  }

  @Test
  void load_inconsistentStages_areRefusedByKey() throws Exception {
    refused(
        "\"input\": [8, 48, 24]",
        "\"input\": [8, 24, 48]",
        "stages[1].input is a list of 3 (allowed: the output of the stage before, 8x48x24)");
    refused("\"input\": [3, 96, 96]", "\"input\": [1, 96, 96]", "stages[0].input is a list of 3");
    refused("\"output\": [2]", "\"output\": [3]", "stages[1].output is a list of 1 (allowed: the");
    refused("\"output\": [8, 48, 24]", "\"output\": [8, 48]", "stages[0].output is a list of 2");
    refused(
        "\"output\": [8, 48, 24]", "\"output\": [999, 999, 999]", "stages[0].output is a list of");
    refused("\"macs\": 60", "\"macs\": 61", "macs is 100 (allowed: the sum of the stages' macs");
    refused("\"model\": \"V1.stage2.onnx\"", "\"model\": \"../x.onnx\"", "stages[1].model is");
    refused("\"deviation\": 0.25", "\"deviation\": -1", "stages[1].golden.deviation is -1");
    refused("\"stages\": [", "\"stages\": [7,", "stages is a list of 3 (allowed: a list of obj");
    refused("\"params\": 20,", "", "'stages[1].params' is missing");
  }

  private void refused(String old, String replacement, String message) throws IOException {
    assertTrue(MANIFEST.contains(old), old);
    Files.writeString(directory.resolve("V1.json"), MANIFEST.replace(old, replacement));
    String actual =
        assertThrows(
                ModelSetException.class, () -> VariantManifest.load(directory, "V1", 2, List.of()))
            .getMessage();
    assertTrue(actual.contains(message), actual);
  }
}
