package chorale.evaluation.plan;

import chorale.evaluation.EvaluationException;
import chorale.evaluation.EvaluationJson;
import chorale.protocol.FileFailure;
import chorale.protocol.Labels;
import chorale.protocol.Strategy;
import chorale.protocol.WorkerInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model set with its measurements for the planner: the cost of each variant and the accuracy of
 * every subset, from the output of {@link EvaluationJson}. Immutable.
 *
 * @param set its name
 * @param strategy of its networks
 * @param variants in the set's order; bit i of a mask selects variant i
 * @param accuracies by mask, from 1 to 2^n - 1
 */
public record MeasuredSet(
    String set, Strategy strategy, List<Variant> variants, Map<Integer, Double> accuracies) {
  private static final int MAX_VARIANTS = 8;

  /**
   * A variant's costs on the evaluating machine.
   *
   * @param prepareMillis decode and resize
   * @param modelBytes size of its file
   */
  public record Variant(
      String id, long macs, double prepareMillis, double inferenceMillis, long modelBytes) {}

  public MeasuredSet {
    variants = List.copyOf(variants);
    accuracies = Map.copyOf(accuracies);
  }

  /**
   * Reads the output of {@code chorale evaluate --json}.
   *
   * @throws EvaluationException names the file and the missing part
   */
  public static MeasuredSet read(Path file) throws EvaluationException {
    return parse(file.toString(), content(file));
  }

  static String content(Path file) throws EvaluationException {
    if (!Files.isRegularFile(file)) {
      throw new EvaluationException(
          file + ": no such file (create it with 'chorale evaluate --json FILE')");
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new EvaluationException(file + ": cannot be read: " + FileFailure.reason(e));
    }
  }

  static JsonNode tree(String file, String text) throws EvaluationException {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new EvaluationException(file + ": not JSON: " + e.getOriginalMessage());
    }
  }

  static Variant variant(String file, JsonNode node) throws EvaluationException {
    return new Variant(
        text(file, node, "id"),
        (long) number(file, node, "macs"),
        node.path("prepare_ms").asDouble(0),
        number(file, node, "inference_ms"),
        node.path("model_bytes").asLong(0));
  }

  static MeasuredSet parse(String file, String text) throws EvaluationException {
    JsonNode json = tree(file, text);
    List<Variant> variants = new ArrayList<>();
    for (JsonNode node : json.path("variants")) {
      variants.add(variant(file, node));
    }
    if (variants.isEmpty() || variants.size() > MAX_VARIANTS) {
      throw new EvaluationException(
          "%s: %s variants (allowed: 1 to %s, because the search tries every placement)"
              .formatted(file, variants.size(), MAX_VARIANTS));
    }
    String label = json.path("strategy").asText(Strategy.VARIANT.label());
    Strategy strategy =
        Labels.find(Strategy.class, label)
            .orElseThrow(
                () ->
                    new EvaluationException(
                        "%s: strategy '%s' (allowed: %s)"
                            .formatted(file, label, Labels.all(Strategy.class))));
    MeasuredSet named = new MeasuredSet(json.path("set").asText("?"), strategy, variants, Map.of());
    return new MeasuredSet(named.set(), strategy, variants, accuracies(file, json, named));
  }

  private static Map<Integer, Double> accuracies(String file, JsonNode json, MeasuredSet named)
      throws EvaluationException {
    Map<Integer, Double> accuracies = new HashMap<>();
    for (JsonNode node : json.path("combinations")) {
      int mask = 0;
      for (JsonNode id : node.path("variants")) {
        OptionalInt index = named.index(id.asText());
        if (index.isEmpty()) {
          throw new EvaluationException(
              file + ": combinations: '" + id.asText() + "' is not among the variants");
        }
        mask |= 1 << index.getAsInt();
      }
      accuracies.put(mask, number(file, node, "accuracy"));
    }
    int variants = named.variants().size();
    int subsets = (1 << variants) - 1;
    if (accuracies.size() != subsets || accuracies.containsKey(0)) {
      throw new EvaluationException(
          "%s: combinations: %s (needed: all %s of %s variants)"
              .formatted(file, accuracies.size(), subsets, variants));
    }
    return accuracies;
  }

  /** Returns the index of a variant. */
  OptionalInt index(String id) {
    return IntStream.range(0, variants.size())
        .filter(i -> variants.get(i).id().equals(id))
        .findFirst();
  }

  /**
   * Returns how many times slower a worker's board is than the evaluating machine, from the
   * worker's benchmark of its variant.
   *
   * @throws EvaluationException if it runs another model set, or a variant without a time
   */
  public double factor(WorkerInfo worker) throws EvaluationException {
    String name = "worker '" + worker.author().worker() + "'";
    if (!worker.modelSet().equals(set)) {
      throw new EvaluationException(
          ("%s runs model set %s, but the evaluation is of %s (choose another with "
                  + "--evaluation or --models)")
              .formatted(name, worker.modelSet(), set));
    }
    String variant = name + ": variant '" + worker.author().variant() + "'";
    OptionalInt index = index(worker.author().variant());
    if (index.isEmpty()) {
      throw new EvaluationException(
          "%s was not evaluated (evaluated: %s)"
              .formatted(variant, String.join(", ", variants.stream().map(Variant::id).toList())));
    }
    double millis = variants.get(index.getAsInt()).inferenceMillis();
    double benchmark = worker.selfBenchmarkMillis();
    if (!(benchmark > 0) || !(millis > 0)) {
      throw new EvaluationException(
          "%s: no time to compare (worker: %s ms, evaluation: %s ms)"
              .formatted(variant, benchmark, millis));
    }
    return benchmark / millis;
  }

  /** Returns the accuracy of a subset; 0 for the empty one. */
  double accuracy(int mask) {
    return mask == 0 ? 0 : accuracies.get(mask);
  }

  long macs(int mask) {
    return of(mask).mapToLong(Variant::macs).sum();
  }

  List<String> ids(int mask) {
    return of(mask).map(Variant::id).toList();
  }

  private Stream<Variant> of(int mask) {
    return IntStream.range(0, variants.size())
        .filter(i -> (mask & 1 << i) != 0)
        .mapToObj(variants::get);
  }

  private static String text(String file, JsonNode node, String field) throws EvaluationException {
    if (!node.path(field).isTextual()) {
      throw new EvaluationException(file + ": a variant lacks the text '" + field + "'");
    }
    return node.path(field).textValue();
  }

  static double number(String file, JsonNode node, String field) throws EvaluationException {
    if (!node.path(field).isNumber()) {
      throw new EvaluationException(file + ": missing number '" + field + "' in " + node);
    }
    return node.path(field).doubleValue();
  }
}
