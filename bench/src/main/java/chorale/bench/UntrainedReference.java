package chorale.bench;

import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * MobileNetV2 1.0 at 224x224 for ten classes with weights that mean nothing, for model sets that
 * have no trained reference network: what an inference costs depends on the arithmetic, not on the
 * weights. Its file says each weight tensor by one number, so that it weighs 55 KB; ONNX Runtime
 * writes the tensors out when it opens it. Stateless.
 */
final class UntrainedReference {
  private static final String ID = "reference";
  private static final int CLASSES = 10;

  private UntrainedReference() {}

  /**
   * A copy of the set with this reference beside its variants, for as long as this process lives;
   * empty where the set has one of its own, or other than ten classes.
   */
  static Optional<Path> beside(Path models) throws BenchException {
    try {
      ModelSet set = ModelSet.load(models);
      return set.referenceManifest().isPresent() || set.classes().size() != CLASSES
          ? Optional.empty()
          : Optional.of(copy(models));
    } catch (ModelSetException e) {
      throw new BenchException(e.getMessage(), e);
    } catch (IOException e) {
      throw new BenchException("the model set cannot be copied: " + e.getMessage(), e);
    }
  }

  private static Path copy(Path models) throws IOException {
    Path copy = Files.createTempDirectory("chorale-bench-models-");
    copy.toFile().deleteOnExit();
    try (Stream<Path> files = Files.list(models)) {
      for (Path file : files.filter(UntrainedReference::isOfTheSet).toList()) {
        try (InputStream content = Files.newInputStream(file)) {
          write(content, copy.resolve(file.getFileName()));
        }
      }
    }
    for (String file : List.of(ID + ".onnx", ID + ".json")) {
      try (InputStream content = UntrainedReference.class.getResourceAsStream(file)) {
        write(Objects.requireNonNull(content, file), copy.resolve(file));
      }
    }
    Path set = copy.resolve("set.json");
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(set.toFile());
    mapper.writeValue(set.toFile(), json.put("reference", ID));
    return copy;
  }

  private static boolean isOfTheSet(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".json") || name.endsWith(".onnx");
  }

  private static void write(InputStream content, Path file) throws IOException {
    Files.copy(content, file);
    file.toFile().deleteOnExit();
  }
}
