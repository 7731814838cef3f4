package chorale.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * Writes an {@link Evaluation} as JSON (docs/evaluation.md). RendezvousHash and gains have six
 * decimals at most, so that the same outputs give the same text; {@code null} stands for what is
 * not known.
 */
public final class EvaluationJson {
  static final int SCHEMA = 1;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private EvaluationJson() {}

  public static String write(Evaluation evaluation) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("schema", SCHEMA);
    json.put("set", evaluation.subject().set());
    ObjectNode data = json.putObject("data");
    data.put("images", evaluation.images());
    data.put("classes", evaluation.subject().classes().size());
    data.put("skipped", evaluation.skipped());
    reference(json, evaluation);
    variants(json.putArray("variants"), evaluation);
    for (Combination each : evaluation.combinations()) {
      ObjectNode node = object(json, "combinations");
      strings(node.putArray("variants"), each.variants());
      node.put("accuracy", rounded(each.accuracy()));
      node.put("macs", each.macs());
    }
    json.withArray("leave_one_out");
    for (Evaluation.WithoutOne each : evaluation.withoutOne()) {
      object(json, "leave_one_out")
          .put("without", each.without())
          .put("accuracy", rounded(each.accuracy()));
    }
    for (Evaluation.KAccuracy each : evaluation.kSweep()) {
      object(json, "k_sweep")
          .put("k", each.k())
          .put("accuracy", rounded(each.accuracy()))
          .put("full", each.full());
    }
    for (Evaluation.RuleAccuracy each : evaluation.rules()) {
      object(json, "fusion").put("rule", each.rule()).put("accuracy", rounded(each.accuracy()));
    }
    fused(json.putObject("fused"), evaluation);
    agreement(json.putObject("agreement"), evaluation);
    byRight(json.putArray("by_right"), evaluation);
    perClass(json.putArray("per_class"), evaluation);
    try {
      return MAPPER.writer(printer()).writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree in memory is always JSON", e);
    }
  }

  /** Line feeds of one kind on every platform. */
  private static DefaultPrettyPrinter printer() {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter(" ", "\n"));
    return printer;
  }

  private static void reference(ObjectNode json, Evaluation evaluation) {
    if (evaluation.reference().isEmpty()) {
      json.putNull("reference");
    } else {
      Metrics reference = evaluation.reference().get();
      ObjectNode node = json.putObject("reference");
      node.put("id", reference.network().id());
      node.put("accuracy", rounded(reference.accuracy()));
      node.put("macs", reference.network().cost().macs());
      node.put("params", reference.network().cost().params());
      node.put("inference_ms", reference.timing().inferenceMillis());
      node.put("ece", rounded(reference.ece()));
    }
    ObjectNode cost = json.putObject("reference_cost");
    Optional<ReferenceCost> known = evaluation.referenceCost();
    number(cost, "macs", known.map(each -> (double) each.own().macs()));
    number(cost, "params", known.map(each -> (double) each.own().params()));
    number(cost, "macs_100", known.map(each -> (double) each.at100().macs()));
    number(cost, "params_100", known.map(each -> (double) each.at100().params()));
    cost.put("source", known.map(ReferenceCost::source).orElse(null));
  }

  private static void variants(ArrayNode array, Evaluation evaluation) {
    Optional<ReferenceCost> cost = evaluation.referenceCost();
    for (Metrics each : evaluation.variants()) {
      Network network = each.network();
      ObjectNode node = array.addObject();
      node.put("id", network.id());
      node.put("accuracy", rounded(each.accuracy()));
      node.put("macs", network.cost().macs());
      node.put("params", network.cost().params());
      Gains gains = Gains.of(network, cost);
      number(node, "macs_gain", gains.macs());
      number(node, "params_gain", gains.params());
      number(node, "macs_gain_100", gains.macs100());
      number(node, "params_gain_100", gains.params100());
      node.put("inference_ms", each.timing().inferenceMillis());
      number(node, "speedup", Gains.speedup(each, evaluation.reference()));
      node.put("ece", rounded(each.ece()));
      node.put("prepare_ms", each.timing().prepareMillis());
      node.put("model_bytes", network.modelBytes());
    }
  }

  private static void fused(ObjectNode node, Evaluation evaluation) {
    node.put("accuracy", rounded(evaluation.all().accuracy()));
    node.put("rule", evaluation.rules().get(0).rule());
    node.put("k", Math.min(Evaluator.K, evaluation.subject().classes().size()));
    node.put("ece_score", rounded(evaluation.fused().score()));
    node.put("ece_confidence", rounded(evaluation.fused().confidence()));
    node.put("ece_bins", CalibrationError.BINS);
  }

  private static void agreement(ObjectNode node, Evaluation evaluation) {
    List<Network> networks = evaluation.subject().networks();
    strings(node.putArray("networks"), networks.stream().map(Network::id).toList());
    ArrayNode rows = node.putArray("shares");
    for (List<Double> row : evaluation.agreement()) {
      ArrayNode cells = rows.addArray();
      row.forEach(share -> cells.add(rounded(share)));
    }
  }

  private static void byRight(ArrayNode array, Evaluation evaluation) {
    for (Evaluation.ByRight each : evaluation.byRight()) {
      ObjectNode node = array.addObject();
      node.put("variants", each.variants());
      node.put("images", each.images());
      node.put("fused", each.fused());
      number(node, "reference", each.reference().map(Integer::doubleValue));
    }
  }

  private static void perClass(ArrayNode array, Evaluation evaluation) {
    List<Network> networks = evaluation.subject().networks();
    for (Evaluation.ClassFigures each : evaluation.perClass()) {
      ObjectNode node = array.addObject();
      node.put("class", each.name());
      node.put("images", each.images());
      number(node, "fused", each.fused());
      ObjectNode of = node.putObject("networks");
      for (int i = 0; i < networks.size(); i++) {
        Optional<Double> share =
            each.networks().isEmpty() ? Optional.empty() : Optional.of(each.networks().get(i));
        number(of, networks.get(i).id(), share);
      }
    }
  }

  private static ObjectNode object(ObjectNode json, String array) {
    return json.withArray(array).addObject();
  }

  private static void strings(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }

  /** Whole numbers without a point. */
  private static void number(ObjectNode node, String field, Optional<Double> value) {
    if (value.isEmpty()) {
      node.putNull(field);
    } else if (value.get() == Math.rint(value.get())) {
      node.put(field, (long) (double) value.get());
    } else {
      node.put(field, rounded(value.get()));
    }
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }
}
