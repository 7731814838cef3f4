package chorale.variants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelSetTest {
  private static final List<String> CLASSES = List.of("cat", "dog");
  private static final Bytes MODEL = Bytes.utf8("never opened");

  private static final String SET =
      """
      {"schema": 1, "name": "pets", "classes": ["cat", "dog"], "class_digest": "%s",
       "preprocessing": {"resize": "antialiased-bilinear", "color": "RGB", "layout": "NCHW",
                         "offset": 127.5, "divisor": 127.5},
       "reference": null, "variants": ["V1"],
       "calibration": {"fused": [0.1, 0.9], "confidence": [0.2, 0.8]},
       "validation": {"anything": [1, 2]}, "recipe": "quick", "commit": "abc"}
      """
          .formatted(Digests.ofClasses(CLASSES).hex());

  private static final String MANIFEST =
      """
      {"schema": 1, "id": "V1", "model": "V1.onnx", "sha256": "%s", "base": "mobilenetv2",
       "alpha": 0.35, "input_size": 96, "head": 256, "precision": "fp32", "classes": 2,
       "macs": 9600000, "params": 300000, "macs_100": 9647536, "params_100": 317380,
       "validation_accuracy": 0.5, "onnx_max_abs_difference": 1e-6,
       "golden": {"top1": 1, "probabilities": [0.25, 0.75]}, "recipe": "quick", "made": "today"}
      """
          .formatted(Digests.sha256(MODEL).hex());

  @TempDir Path directory;

  @BeforeEach
  void writeSet() throws IOException {
    Files.writeString(directory.resolve("set.json"), SET);
    Files.writeString(directory.resolve("V1.json"), MANIFEST);
    Files.write(directory.resolve("V1.onnx"), MODEL.toArray());
  }

  @Test
  void load_validSet_hasTheContentOfTheFiles() throws Exception {
    ModelSet set = ModelSet.load(directory);

    assertEquals("pets", set.name());
    assertEquals(CLASSES, set.classes());
    assertEquals(Digests.ofClasses(CLASSES), set.classDigest());
    assertEquals(new Calibration(List.of(.1, .9), List.of(.2, .8)), set.calibration());
    assertEquals(Optional.empty(), set.reference());
    assertEquals(
        List.of(
            new VariantManifest(
                "V1",
                directory.resolve("V1.onnx"),
                Digests.sha256(MODEL),
                "mobilenetv2",
                .35,
                96,
                256,
                "fp32",
                2,
                List.of(),
                9_600_000,
                300_000,
                9_647_536,
                317_380,
                .5,
                List.of(.25, .75),
                List.of())),
        set.variants());
    assertEquals(set.variants().get(0), set.variant("V1"));
    assertEquals(1, set.variant("V1").goldenTop1());
    assertEquals(MODEL, set.variant("V1").readModel());
  }

  @Test
  void load_groups_areTheClassesOfEachVariant() throws Exception {
    edit("set.json", "\"calibration\"", "\"groups\": {\"V1\": [\"dog\", \"cat\"]}, \"other\"");
    edit("V1.json", "\"classes\": 2", "\"classes\": 3");
    edit("V1.json", "[0.25, 0.75]", "[0.25, 0.5, 0.25]");

    ModelSet set = ModelSet.load(directory);

    assertTrue(set.isByClass());
    assertEquals(3, set.variant("V1").classCount());
    assertEquals(
        Set.of("cat", "dog"),
        set.variant("V1").group().stream().map(CLASSES::get).collect(Collectors.toSet()));
    assertEquals("dog", CLASSES.get(set.variant("V1").group().get(0)));
  }

  @Test
  void load_groupsWithoutPartition_areRefused() throws Exception {
    for (String groups :
        List.of(
            "{}", "{\"V1\": [\"cat\"]}", "{\"V1\": [\"cat\", \"dog\", \"cat\"]}", "{\"V2\": []}")) {
      writeSet();
      edit("set.json", "\"calibration\"", "\"groups\": " + groups + ", \"other\"");
      String message =
          assertThrows(ModelSetException.class, () -> ModelSet.load(directory)).getMessage();
      assertTrue(
          message.contains("groups") && message.contains("each class in one group"), message);
    }
  }

  @Test
  void load_withoutCalibrationOrWithReference_isAllowed() throws Exception {
    edit("set.json", "\"calibration\"", "\"other\"");
    edit("set.json", "\"reference\": null", "\"reference\": \"mobilenetv2\"");

    ModelSet set = ModelSet.load(directory);

    assertEquals(Calibration.NONE, set.calibration());
    assertEquals(Optional.of("mobilenetv2"), set.reference());
    assertEquals(Optional.empty(), set.referenceManifest(), "a board's copy can omit it");
  }

  @Test
  void variant_unknownId_namesItAndTheAvailableIds() throws Exception {
    ModelSet set = ModelSet.load(directory);

    String message = assertThrows(ModelSetException.class, () -> set.variant("V9")).getMessage();

    assertTrue(message.endsWith("no variant 'V9' (available: V1)"), message);
  }

  @Test
  void load_missingDirectoryOrFile_isNamed() throws Exception {
    refused(directory.resolve("none"), "no such directory");
    Files.delete(directory.resolve("V1.onnx"));
    refused("V1.json: model is \"V1.onnx\" (allowed: an existing file");
    Files.delete(directory.resolve("V1.json"));
    refused("V1.json: no such file");
    Files.delete(directory.resolve("set.json"));
    refused("set.json: no such file");
  }

  @Test
  void load_otherSchema_isRefused() throws Exception {
    edit("set.json", "\"schema\": 1", "\"schema\": 2");
    refused("set.json: schema is 2 (allowed: a whole number from 1 to 1)");
  }

  @Test
  void load_otherPreprocessing_isRefused() throws Exception {
    edit("set.json", "antialiased-bilinear", "nearest");
    refused("set.json: preprocessing.resize is \"nearest\" (allowed: \"antialiased-bilinear\")");
  }

  @Test
  void load_otherClassNames_doNotMatchTheDigest() throws Exception {
    edit("set.json", "\"dog\"", "\"fox\"");
    refused("(allowed: the digest of the class names, " + digest("cat", "fox"));
  }

  @Test
  void load_badJsonOrMissingKey_isNamed() throws Exception {
    edit("V1.json", "\"alpha\"", "\"alfa\"");
    refused("V1.json: 'alpha' is missing");
    Files.writeString(directory.resolve("V1.json"), "{\"schema\": ");
    refused("V1.json: not JSON");
  }

  @Test
  void load_invalidValues_areRefusedByKey() throws Exception {
    refusedAfter("\"alpha\": 0.35", "\"alpha\": 99", "alpha is 99 (allowed: a number from 0.01 to");
    refusedAfter(
        "\"input_size\": 96", "\"input_size\": 9.5", "input_size is 9.5 (allowed: a whole");
    refusedAfter("\"fp32\"", "\"fp8\"", "precision is \"fp8\" (allowed: \"fp32\" or \"int8\")");
    refusedAfter("\"id\": \"V1\"", "\"id\": \"V2\"", "id is \"V2\" (allowed: \"V1\")");
    refusedAfter(
        "\"classes\": 2", "\"classes\": 3", "classes is 3 (allowed: a whole number from 2");
    refusedAfter("\"sha256\": \"", "\"sha256\": \"x", "sha256 is \"x");
    refusedAfter("[0.25, 0.75]", "[0.25, 0.5]", "golden.probabilities is a list of 2 (allowed: 2");
    refusedAfter("\"top1\": 1", "\"top1\": 0", "golden.top1 is 0 (allowed: the class with the");
    refusedAfter("\"macs\": 9600000", "\"macs\": \"many\"", "macs is \"many\" (allowed: a whole");
  }

  @Test
  void load_referenceFiles_areAvailableButNotAVariant() throws Exception {
    edit("set.json", "\"reference\": null", "\"reference\": \"full\"");
    Files.writeString(
        directory.resolve("full.json"), MANIFEST.replace("\"id\": \"V1\"", "\"id\": \"full\""));

    ModelSet set = ModelSet.load(directory);

    assertEquals("full", set.referenceManifest().orElseThrow().id());
    assertEquals(set.referenceManifest().get(), set.variant("full"));
    assertEquals(List.of("V1"), set.variants().stream().map(VariantManifest::id).toList());
  }

  @Test
  void load_modelOutsideTheDirectory_isRefused() throws Exception {
    refusedAfter("\"V1.onnx\"", "\"../V1.onnx\"", "model is \"../V1.onnx\" (allowed: a file name");
  }

  @Test
  void readModel_otherBytes_namesBothDigests() throws Exception {
    ModelSet set = ModelSet.load(directory);
    Files.writeString(directory.resolve("V1.onnx"), "something else");

    String message =
        assertThrows(ModelSetException.class, () -> set.variant("V1").readModel()).getMessage();

    assertTrue(message.contains("V1.onnx: SHA-256 is "), message);
    assertTrue(
        message.contains("the manifest says " + Digests.sha256(MODEL).hex() + "; the file"),
        message);
  }

  private void refusedAfter(String old, String replacement, String message) throws IOException {
    edit("V1.json", old, replacement);
    refused("V1.json: " + message);
    Files.writeString(directory.resolve("V1.json"), MANIFEST);
  }

  private void refused(String part) {
    refused(directory, part);
  }

  private static void refused(Path directory, String part) {
    String message =
        assertThrows(ModelSetException.class, () -> ModelSet.load(directory)).getMessage();
    assertTrue(message.contains(part), message);
  }

  private void edit(String file, String old, String replacement) throws IOException {
    String text = Files.readString(directory.resolve(file));
    assertTrue(text.contains(old), old);
    Files.writeString(directory.resolve(file), text.replace(old, replacement));
  }

  private static String digest(String... classes) {
    return Digests.ofClasses(List.of(classes)).hex();
  }
}
