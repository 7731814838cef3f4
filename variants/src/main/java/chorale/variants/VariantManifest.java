package chorale.variants;

import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The metadata of one variant: the contents of {@code <id>.json}. Immutable.
 *
 * @param id {@code V1} to {@code V5}, or a name in the user's own set
 * @param model the ONNX file: input {@code image} float32 [N,3,S,S], output {@code probabilities}
 *     float32 [N,C]
 * @param sha256 digest of the model file, 32 bytes
 * @param base name of the full network from which it is derived
 * @param alpha width multiplier
 * @param inputSize side S of its square input, in pixels
 * @param head filters of the last convolution
 * @param precision {@code fp32} or {@code int8}, of the weights; input and output are float32
 * @param classCount C; for a network that covers a group of classes, the size of the group plus 1
 * @param group indices of the set's classes that it covers, in the order of its outputs; the first
 *     output stands for all other classes; empty if it covers all classes
 * @param macs multiply-accumulate operations per image
 * @param params number of parameters
 * @param macs100 {@code macs} of the network with 100 classes, for comparison with published
 *     figures
 * @param params100 {@code params} of the network with 100 classes
 * @param validationAccuracy 0 to 1
 * @param golden probabilities for the golden input, in class order
 * @param stages the same network split into consecutive parts; empty if it is not split
 */
public record VariantManifest(
    String id,
    Path model,
    Bytes sha256,
    String base,
    double alpha,
    int inputSize,
    int head,
    String precision,
    int classCount,
    List<Integer> group,
    long macs,
    long params,
    long macs100,
    long params100,
    double validationAccuracy,
    List<Double> golden,
    List<StageManifest> stages) {

  static final long MAX_COUNT = 1L << 50;
  private static final double SUM_TOLERANCE = 1e-3;
  private static final List<String> PRECISIONS = List.of("fp32", "int8");

  public VariantManifest {
    Names.require("variant", id);
    group = List.copyOf(group);
    golden = List.copyOf(golden);
    stages = List.copyOf(stages);
  }

  /**
   * Reads and validates {@code <id>.json}. Checks that the model file exists, without opening it.
   *
   * @param setClasses number of classes of the whole set
   * @param group indices of the classes that the variant covers; empty for all
   */
  static VariantManifest load(Path directory, String id, int setClasses, List<Integer> group)
      throws ModelSetException {
    int classCount = group.isEmpty() ? setClasses : group.size() + 1;
    JsonFile json = JsonFile.read(directory.resolve(id + ".json"));
    json.integer("schema", ModelSet.SCHEMA, ModelSet.SCHEMA);
    json.oneOf("id", List.of(id));
    json.integer("classes", classCount, classCount);
    VariantManifest manifest =
        new VariantManifest(
            id,
            ModelFile.existing(directory, json),
            ModelFile.digest(json),
            json.text("base"),
            json.number("alpha", 0.01, 16),
            (int) json.integer("input_size", 1, Limits.MAX_INPUT_SIZE),
            (int) json.integer("head", 0, Limits.MAX_CLASSES),
            json.oneOf("precision", PRECISIONS),
            classCount,
            group,
            json.integer("macs", 1, MAX_COUNT),
            json.integer("params", 1, MAX_COUNT),
            json.integer("macs_100", 1, MAX_COUNT),
            json.integer("params_100", 1, MAX_COUNT),
            json.number("validation_accuracy", 0, 1),
            golden(json, classCount),
            Stages.read(directory, json));
    if (json.integer("golden.top1", 0, classCount - 1L) != manifest.goldenTop1()) {
      throw json.wrong(
          "golden.top1", "the class with the highest probability, " + manifest.goldenTop1());
    }
    return manifest;
  }

  /** Returns the class that the golden input must yield; on a tie the lower index. */
  public int goldenTop1() {
    int best = 0;
    for (int i = 1; i < golden.size(); i++) {
      if (golden.get(i) > golden.get(best)) {
        best = i;
      }
    }
    return best;
  }

  /**
   * Reads the model and verifies its digest.
   *
   * @throws ModelSetException if it cannot be read or does not match the digest
   */
  public Bytes readModel() throws ModelSetException {
    return ModelFile.read(model, sha256);
  }

  private static List<Double> golden(JsonFile json, int classCount) throws ModelSetException {
    List<Double> golden = new ArrayList<>(json.shares("golden.probabilities"));
    double sum = golden.stream().mapToDouble(Double::doubleValue).sum();
    if (golden.size() != classCount || Math.abs(sum - 1) > SUM_TOLERANCE) {
      throw json.wrong("golden.probabilities", classCount + " probabilities with the sum 1");
    }
    return golden;
  }
}
