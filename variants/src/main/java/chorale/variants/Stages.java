package chorale.variants;

import chorale.protocol.Limits;
import chorale.protocol.strategy.Tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A reader of a manifest's {@code stages} that checks whether they fit together. Immutable. */
final class Stages {
  private static final double MAX_GOLDEN = 1e9;

  private final Path directory;
  private final JsonFile json;

  private Stages(Path directory, JsonFile json) {
    this.directory = directory;
    this.json = json;
  }

  /** Returns the stages in order; empty if the network is not split. */
  static List<StageManifest> read(Path directory, JsonFile json) throws ModelSetException {
    return json.has("stages") ? new Stages(directory, json).read() : List.of();
  }

  private List<StageManifest> read() throws ModelSetException {
    List<JsonFile> entries = json.objects("stages");
    if (entries.size() < 2 || entries.size() > Limits.MAX_STAGES) {
      throw json.wrong("stages", "2 to " + Limits.MAX_STAGES + " stages");
    }
    int side = (int) json.integer("input_size", 1, Limits.MAX_INPUT_SIZE);
    Shape input = new Shape(3, side, side);
    List<StageManifest> stages = new ArrayList<>();
    for (JsonFile entry : entries) {
      boolean last = stages.size() == entries.size() - 1;
      StageManifest stage = stage(entry, input, last);
      stages.add(stage);
      input = stage.output().orElse(input);
    }
    long macs = stages.stream().mapToLong(StageManifest::macs).sum();
    if (macs != json.integer("macs", 1, Long.MAX_VALUE)) {
      throw json.wrong("macs", "the sum of the stages' macs, " + macs);
    }
    return List.copyOf(stages);
  }

  /**
   * @param input output shape of the stage before
   */
  private StageManifest stage(JsonFile entry, Shape input, boolean last) throws ModelSetException {
    if (!shape(entry, "input").equals(input)) {
      throw entry.wrong("input", "the output of the stage before, " + input);
    }
    long classes = json.integer("classes", 1, Limits.MAX_CLASSES);
    if (last && !entry.integers("output", 1, Limits.MAX_CLASSES).equals(List.of((int) classes))) {
      throw entry.wrong("output", "the number of classes for the last stage, [" + classes + "]");
    }
    return new StageManifest(
        ModelFile.path(directory, entry),
        ModelFile.digest(entry),
        entry.integer("macs", 1, VariantManifest.MAX_COUNT),
        entry.integer("params", 0, VariantManifest.MAX_COUNT),
        input,
        last ? Optional.empty() : Optional.of(shape(entry, "output")),
        new StageManifest.Golden(
            entry.number("golden.mean", -MAX_GOLDEN, MAX_GOLDEN),
            entry.number("golden.deviation", 0, MAX_GOLDEN)));
  }

  private static Shape shape(JsonFile entry, String key) throws ModelSetException {
    List<Integer> sides = entry.integers(key, 1, Limits.MAX_TENSOR_BYTES);
    if (sides.size() != 3) {
      throw entry.wrong(key, "[channels, height, width]");
    }
    try {
      return new Shape(sides.get(0), sides.get(1), sides.get(2));
    } catch (IllegalArgumentException e) {
      throw entry.wrong(key, e.getMessage());
    }
  }
}
