package chorale.worker;

import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The synthetic network of these tests (resources/corners/make.py), copied to a writable folder.
 */
public final class Corners {
  public static final String VARIANT = "C16";
  public static final Classifier.Settings SETTINGS = new Classifier.Settings(1, 1_000_000);

  private Corners() {}

  public static Path copyTo(Path directory) throws IOException {
    for (String name :
        List.of("set.json", "C16.json", "C16.onnx", "C16.stage1.onnx", "C16.stage2.onnx")) {
      Files.write(directory.resolve(name), resource(name));
    }
    return directory;
  }

  /** The set whose networks cover four classes each. */
  public static Path copyGroupsTo(Path directory) throws IOException {
    for (String name : List.of("set.json", "G1.json", "G1.onnx", "G2.json", "G2.onnx")) {
      Files.write(directory.resolve(name), resource("groups/" + name));
    }
    return directory;
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = Corners.class.getResourceAsStream("/corners/" + name)) {
      return in.readAllBytes();
    }
  }

  public static Classifier open(Path directory)
      throws ModelSetException, WorkerStartException, IOException {
    return Classifier.open(ModelSet.load(copyTo(directory)), VARIANT, SETTINGS, System::nanoTime);
  }
}
