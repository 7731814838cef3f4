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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model set: variants that were trained together on one list of classes. It is a directory with
 * {@code set.json} and, for each variant, {@code <id>.json} and its model. Immutable. After {@link
 * #load}, only {@link VariantManifest#readModel} reads files.
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
    List<String> ids = ids(json);
    Map<String, List<Integer>> groups = groups(json, ids, classes);
    for (String id : ids) {
      manifests.add(
          VariantManifest.load(directory, id, classes.size(), groups.getOrDefault(id, List.of())));
    }
    this.variants = List.copyOf(manifests);
    this.referenceManifest =
        reference.isPresent() && Files.exists(directory.resolve(reference.get() + ".json"))
            ? Optional.of(
                VariantManifest.load(directory, reference.get(), classes.size(), List.of()))
            : Optional.empty();
    this.escalations = escalations(json);
  }

  /**
   * Reads and validates the set and all manifests.
   *
   * @throws ModelSetException names the file and the key, what is wrong and what is allowed
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

  /** Returns the class names. Class indices are positions in this list, from 0. */
  public List<String> classes() {
    return classes;
  }

  /** Returns {@link Digests#ofClasses} of the class names. */
  public Bytes classDigest() {
    return Digests.ofClasses(classes);
  }

  /**
   * Returns the calibration of all variants' fused answer; {@link Calibration#NONE} if there is
   * none.
   */
  public Calibration calibration() {
    return calibration;
  }

  /**
   * Returns the calibration for answers of this network: the set's for a variant, {@link
   * Calibration#NONE} for the reference, which the set's calibration does not cover.
   */
  public Calibration calibrationOf(String variant) {
    return reference.equals(Optional.of(variant)) ? Calibration.NONE : calibration;
  }

  /** Returns the id of the full network that the variants are compared with, if there is one. */
  public Optional<String> reference() {
    return reference;
  }

  /** Returns the reference if its files are present; a board's copy of the set can omit them. */
  public Optional<VariantManifest> referenceManifest() {
    return referenceManifest;
  }

  /** Returns whether each variant covers only a group of the classes (strategy class). */
  public boolean isByClass() {
    return !variants.get(0).group().isEmpty();
  }

  /** Returns the variants in the order of {@code set.json}; never empty. */
  public List<VariantManifest> variants() {
    return variants;
  }

  /** Returns the ids of the variants, in the same order. */
  public List<String> ids() {
    return variants.stream().map(VariantManifest::id).toList();
  }

  /**
   * Returns the variant with this id, or the reference.
   *
   * @throws ModelSetException names the id and the available ids
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
        "%s: no variant '%s' (available: %s)".formatted(directory, id, String.join(", ", ids())));
  }

  /** Returns the tier plans with thresholds that were chosen on the set's validation images. */
  public List<Escalation> escalations() {
    return escalations;
  }

  /** Rejects a set for another preprocessing, because only one is implemented. */
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
      throw json.wrong("classes", "distinct names, not blank, without line feeds");
    }
    String digest = Digests.ofClasses(classes).hex();
    if (!json.text("class_digest").equals(digest)) {
      throw json.wrong("class_digest", "the digest of the class names, " + digest);
    }
    return List.copyOf(classes);
  }

  /** Returns the class indices of each variant's group; empty if all variants cover all classes. */
  private static Map<String, List<Integer>> groups(
      JsonFile json, List<String> ids, List<String> classes) throws ModelSetException {
    if (!json.has("groups")) {
      return Map.of();
    }
    Map<String, List<Integer>> groups = new HashMap<>();
    List<String> named = new ArrayList<>();
    for (String id : ids) {
      String key = JsonFile.member("groups", id);
      List<String> group = json.has(key) ? json.texts(key) : List.of();
      groups.put(id, group.stream().map(classes::indexOf).toList());
      named.addAll(group);
    }
    if (groups.containsValue(List.of())
        || !named.stream().sorted().toList().equals(classes.stream().sorted().toList())) {
      throw json.wrong("groups", "at least one class for each variant, each class in one group");
    }
    return groups;
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
      throw json.wrong("variants", "one or more different ids, each with " + Names.ALLOWED);
    }
    return ids;
  }
}
