package chorale.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.imaging.ImageRejectedException;
import chorale.imaging.TestPictures;
import chorale.protocol.Bytes;
import chorale.protocol.Digests;
import chorale.protocol.ReplyError;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassifierTest {
  @TempDir Path directory;

  @BeforeEach
  void copySet() throws Exception {
    Corners.copyTo(directory);
  }

  @Test
  void classify_plainColors_areNamed() throws Exception {
    try (Classifier classifier = open()) {
      List<String> classes = classifier.modelSet().classes();
      List<Color> colors =
          List.of(Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW, Color.BLACK, Color.WHITE);
      List<String> names = List.of("red", "green", "blue", "yellow", "black", "white");
      for (int i = 0; i < colors.size(); i++) {
        Classification result = classifier.classify(TestPictures.jpeg(colors.get(i)));
        assertEquals(names.get(i), classes.get(result.probabilities().topK(1).get(0).index()));
      }
      assertEquals(
          8, classifier.classify(TestPictures.jpeg(Color.RED)).probabilities().classCount());
      assertTrue(classifier.selfBenchmarkMillis() > 0);
    }
  }

  @Test
  void classify_networksForGroups_nameTheirClassesOrOther() throws Exception {
    ModelSet set = ModelSet.load(Corners.copyGroupsTo(directory));
    for (String id : List.of("G1", "G2")) {
      try (Classifier classifier = Classifier.open(set, id, Corners.SETTINGS, System::nanoTime)) {
        Probabilities red = classifier.classify(TestPictures.jpeg(Color.RED)).probabilities();
        assertEquals(8, red.classCount());
        assertEquals(id.equals("G1"), red.topK(1).get(0).probability() > .5);
        assertEquals(id.equals("G2"), red.other().orElseThrow() > .5);
        assertEquals(4, red.topK(16).size());
      }
    }
  }

  @Test
  void classify_badImage_isRejectedAndTheNextIsAnswered() throws Exception {
    try (Classifier classifier = open()) {
      ImageRejectedException rejection =
          assertThrows(
              ImageRejectedException.class, () -> classifier.classify(Bytes.utf8("no image")));
      assertEquals(ReplyError.UNSUPPORTED, rejection.error());
      assertEquals(
          4,
          classifier.classify(TestPictures.jpeg(Color.RED)).probabilities().topK(1).get(0).index());
    }
  }

  @Test
  void another_answersTheSameAndLeavesTheFirstOpen() throws Exception {
    try (Classifier first = open()) {
      try (Classifier second = first.another()) {
        assertEquals(
            first.classify(TestPictures.jpeg(Color.RED)).probabilities().topK(3),
            second.classify(TestPictures.jpeg(Color.RED)).probabilities().topK(3));
        assertEquals(first.selfBenchmarkMillis(), second.selfBenchmarkMillis());
      }
      assertEquals(
          1, first.classify(TestPictures.jpeg(Color.BLUE)).probabilities().topK(1).get(0).index());
    }
  }

  @Test
  void classify_closed_isRefused() throws Exception {
    Classifier classifier = open();
    classifier.close();
    classifier.close();

    assertThrows(
        IllegalStateException.class, () -> classifier.classify(TestPictures.jpeg(Color.RED)));
  }

  @Test
  void open_oneByteFlipped_failsItsDigest() throws Exception {
    byte[] model = Corners.resource("C16.onnx");
    model[model.length / 2] ^= 1;
    Files.write(directory.resolve("C16.onnx"), model);

    assertRefused("C16.onnx: SHA-256 is ");
  }

  @Test
  void open_otherWeightsWithTheirDigest_failTheGoldenInput() throws Exception {
    byte[] model = Corners.resource("C16.onnx");
    byte[] weight = {0, 0, 0x40, 0x40}; // 3f, little-endian
    for (int i = 0; i + 4 <= model.length; i++) {
      if (Arrays.equals(model, i, i + 4, weight, 0, 4)) {
        model[i + 3] ^= (byte) 0x80; // its sign
      }
    }
    replaceModel(model);

    assertRefused("C16.onnx: classifies the golden input as class ");
  }

  @Test
  void open_otherGolden_isRefused() throws Exception {
    edit("0.13247264264412", "0.13447264264412");
    edit("0.12638304435686", "0.12438304435686");

    assertRefused("probabilities differ by up to 0.0020 (allowed: 0.001)");
  }

  @Test
  void open_otherInputSize_isRefused() throws Exception {
    edit("\"stages\"", "\"others\"");
    edit("\"input_size\": 16", "\"input_size\": 32");

    assertRefused("(allowed: 'image', float, [1, 3, 32, 32])");
  }

  @Test
  void open_weightsInAnotherFile_isRefused() throws Exception {
    replaceModel(Corners.resource("external.onnx"));

    assertRefused("C16.onnx: stores weights in another file");
  }

  @Test
  void open_foreignOperators_isRefused() throws Exception {
    replaceModel(Corners.resource("custom.onnx"));

    assertRefused("C16.onnx: needs operators of 'example.custom'");
  }

  @Test
  void open_noOnnxAtAll_isRefused() throws Exception {
    replaceModel("this is not a network".getBytes(StandardCharsets.UTF_8));
    assertRefused("C16.onnx: not an ONNX file");
    byte[] model = Corners.resource("C16.onnx");
    replaceModel(Arrays.copyOf(model, model.length / 2));
    assertRefused("C16.onnx: not an ONNX file, or cut off");
    replaceModel(new byte[0]);
    assertRefused("C16.onnx: ");
  }

  @Test
  void open_unknownVariant_namesTheAvailableOnes() {
    String message =
        assertThrows(
                ModelSetException.class,
                () ->
                    Classifier.open(
                        ModelSet.load(directory), "V1", Corners.SETTINGS, System::nanoTime))
            .getMessage();
    assertTrue(message.contains("no variant 'V1' (available: C16)"), message);
  }

  private Classifier open() throws Exception {
    return Classifier.open(
        ModelSet.load(directory), Corners.VARIANT, Corners.SETTINGS, System::nanoTime);
  }

  private void assertRefused(String part) {
    String message = assertThrows(ModelSetException.class, this::open).getMessage();
    assertTrue(message.contains(part), message);
  }

  private void replaceModel(byte[] model) throws Exception {
    Files.write(directory.resolve("C16.onnx"), model);
    String manifest = Files.readString(directory.resolve("C16.json"));
    String digest = Digests.sha256(Bytes.wrap(model)).hex();
    Files.writeString(
        directory.resolve("C16.json"),
        manifest.replaceAll("\"sha256\": \"[0-9a-f]+\"", "\"sha256\": \"" + digest + "\""));
  }

  private void edit(String old, String replacement) throws Exception {
    String manifest = Files.readString(directory.resolve("C16.json"));
    assertTrue(manifest.contains(old), old);
    Files.writeString(directory.resolve("C16.json"), manifest.replace(old, replacement));
  }
}
