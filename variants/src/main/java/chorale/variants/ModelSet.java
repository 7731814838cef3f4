package chorale.variants;

import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Escalation;
import chorale.protocol.Limits;
import chorale.protocol.Names;
import chorale.protocol.TierPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Variants that were trained together over one list of classes: a directory with {@code set.json}
 * and, per variant, {@code <id>.json} and its model. Immutable; nothing is read after {@link #load}
 * but the model that somebody opens ({@link VariantManifest#readModel}).
 */
public final class ModelSet {
  static final int SCHEMA = 1;

  private static final String SET_FILE = "set.json";

  private final Path directory;
  private final String name;
  private final List<String> classes;
  private final Calibration calibration;
  private final Optional<String> reference;
  private final Optional<VariantManifest> referenceManifest;
  private final List<VariantManifest> variants;
  private final List<Escalation> escalations;

  private ModelSet(Path directory, JsonFile json) throws ModelSetException {
    this.directory = directory;
    this.name = name(json, "name");
    this.classes = classes(json);
    this.calibration = calibration(json);
    this.reference =
        json.has("reference") ? Optional.of(name(json, "reference")) : Optional.empty();
    List<VariantManifest> manifests = new ArrayList<>();
    for (String id : ids(json)) {
      manifests.add(VariantManifest.load(directory, id, classes.size()));
    }
    this.variants = List.copyOf(manifests);
    this.referenceManifest =
        reference.isPresent() && Files.exists(directory.resolve(reference.get() + ".json"))
            ? Optional.of(VariantManifest.load(directory, reference.get(), classes.size()))
            : Optional.empty();
    this.escalations = escalations(json);
  }

  /**
   * Reads and judges the set and all its manifests.
   *
   * @throws ModelSetException names the file and the key, what was wrong and what is allowed
   */
  public static ModelSet load(Path directory) throws ModelSetException {
    if (!Files.isDirectory(directory)) {
      throw new ModelSetException(
          directory + ": no such directory (needed: a model set, with " + SET_FILE + ")");
    }
    JsonFile json = JsonFile.read(directory.resolve(SET_FILE));
    json.integer("schema", SCHEMA, SCHEMA);
    requirePreprocessing(json);
    return new ModelSet(directory, json);
  }

  public Path directory() {
    return directory;
  }

  public String name() {
    return name;
  }

  /** The class names; a class index counts from 0 in this list. */
  public List<String> classes() {
    return classes;
  }

  /** {@link Digests#ofClasses} of the class names. */
  public Bytes classDigest() {
    return Digests.ofClasses(classes);
  }

  /** Of the fused answer of all variants; {@link Calibration#NONE} where the set has none. */
  public Calibration calibration() {
    return calibration;
  }

  /** The calibration of a site whose one network this is: that of the set is of its variants. */
  public Calibration calibrationOf(String variant) {
    return reference.equals(Optional.of(variant)) ? Calibration.NONE : calibration;
  }

  /** The id of the full network that the variants are compared with, where there is one. */
  public Optional<String> reference() {
    return reference;
  }

  /** The reference itself, where it lies beside the variants; a board's copy can do without. */
  public Optional<VariantManifest> referenceManifest() {
    return referenceManifest;
  }

  /** In the order of {@code set.json}; never empty. */
  public List<VariantManifest> variants() {
    return variants;
  }

  /**
   * The variant of this id, or the reference.
   *
   * @throws ModelSetException names the id and those that the set has
   */
  public VariantManifest variant(String id) throws ModelSetException {
    if (referenceManifest.isPresent() && referenceManifest.get().id().equals(id)) {
      return referenceManifest.get();
    }
    for (VariantManifest each : variants) {
      if (each.id().equals(id)) {
        return each;
      }
    }
    throw new ModelSetException(
        "%s: no variant '%s' (available: %s)"
            .formatted(
                directory,
                id,
                variants.stream().map(VariantManifest::id).collect(Collectors.joining(", "))));
  }

  /** The plans of tiers whose thresholds were chosen on the set's validation images. */
  public List<Escalation> escalations() {
    return escalations;
  }

  /** There is one preprocessing; a set that was trained with another would be misread. */
  private static void requirePreprocessing(JsonFile json) throws ModelSetException {
    json.oneOf("preprocessing.resize", List.of("antialiased-bilinear"));
    json.oneOf("preprocessing.color", List.of("RGB"));
    json.oneOf("preprocessing.layout", List.of("NCHW"));
    json.number("preprocessing.offset", 127.5, 127.5);
    json.number("preprocessing.divisor", 127.5, 127.5);
  }

  private static String name(JsonFile json, String key) throws ModelSetException {
    String name = json.text(key);
    if (!Names.isValid(name)) {
      throw json.wrong(key, Names.ALLOWED);
    }
    return name;
  }

  private static List<String> classes(JsonFile json) throws ModelSetException {
    List<String> classes = json.texts("classes");
    if (classes.isEmpty() || classes.size() > Limits.MAX_CLASSES) {
      throw json.wrong("classes", "1 to " + Limits.MAX_CLASSES + " names");
    }
    if (new HashSet<>(classes).size() != classes.size()
        || classes.stream().anyMatch(each -> each.isBlank() || each.indexOf('\n') >= 0)) {
      throw json.wrong("classes", "names that differ, none blank, without line feeds");
    }
    String digest = Digests.ofClasses(classes).hex();
    if (!json.text("class_digest").equals(digest)) {
      throw json.wrong("class_digest", "the digest of the class names, " + digest);
    }
    return List.copyOf(classes);
  }

  private static Calibration calibration(JsonFile json) throws ModelSetException {
    if (!json.has("calibration")) {
      return Calibration.NONE;
    }
    try {
      return new Calibration(
          json.shares("calibration.fused"), json.shares("calibration.confidence"));
    } catch (IllegalArgumentException e) {
      throw json.wrong("calibration", e.getMessage());
    }
  }

  private boolean known(TierPlan plan) {
    return plan.variants().stream()
        .allMatch(
            id ->
                reference.equals(Optional.of(id))
                    || variants.stream().anyMatch(each -> each.id().equals(id)));
  }

  private List<Escalation> escalations(JsonFile json) throws ModelSetException {
    List<Escalation> escalations = new ArrayList<>();
    for (JsonFile each : json.has("tiers") ? json.objects("tiers") : List.<JsonFile>of()) {
      TierPlan plan;
      try {
        plan = TierPlan.parse(each.text("plan"));
      } catch (IllegalArgumentException e) {
        throw each.wrong("plan", e.getMessage());
      }
      if (!known(plan)) {
        throw each.wrong("plan", "variants of this set, and its reference");
      }
      try {
        escalations.add(new Escalation(plan, each.shares("thresholds")));
      } catch (IllegalArgumentException e) {
        throw each.wrong("thresholds", e.getMessage());
      }
    }
    return List.copyOf(escalations);
  }

  private static List<String> ids(JsonFile json) throws ModelSetException {
    List<String> ids = json.texts("variants");
    if (ids.isEmpty()
        || new HashSet<>(ids).size() != ids.size()
        || !ids.stream().allMatch(Names::isValid)) {
      throw json.wrong("variants", "at least one id, each once, of " + Names.ALLOWED);
    }
    return ids;
  }
}
