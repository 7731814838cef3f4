package chorale.evaluation;

import chorale.evaluation.report.JsonObject;
import chorale.protocol.Strategy;
import java.util.List;
import java.util.Optional;

/** A writer of an {@link Evaluation} as JSON (docs/evaluation.md). Stateless. */
public final class EvaluationJson {
  private static final int SCHEMA = 1;

  private EvaluationJson() {}

  public static JsonObject of(Evaluation evaluation) {
    JsonObject json = new JsonObject().put("schema", SCHEMA).put("set", evaluation.set().name());
    if (evaluation.set().byClass()) {
      json.put("strategy", Strategy.CLASS.label());
    }
    json.object("data")
        .put("images", evaluation.images())
        .put("classes", evaluation.set().classes().size())
        .put("skipped", evaluation.skipped());
    json.put("reference", evaluation.reference().map(EvaluationJson::reference));
    referenceCost(json.object("reference_cost"), evaluation.referenceCost());
    json.objects(
        "variants", evaluation.variants(), (node, each) -> variant(node, each, evaluation));
    json.objects(
        "combinations",
        evaluation.combinations(),
        (node, each) ->
            node.put("variants", each.variants())
                .put("accuracy", each.accuracy())
                .put("macs", each.macs()));
    json.objects(
        "leave_one_out",
        evaluation.withoutOne(),
        (node, each) -> node.put("without", each.without()).put("accuracy", each.accuracy()));
    json.objects(
        "k_sweep",
        evaluation.kSweep(),
        (node, each) ->
            node.put("k", each.k()).put("accuracy", each.accuracy()).put("full", each.full()));
    json.objects(
        "fusion",
        evaluation.rules(),
        (node, each) -> node.put("rule", each.rule()).put("accuracy", each.accuracy()));
    fused(json.object("fused"), evaluation);
    List<String> networks = evaluation.set().networks().stream().map(Network::id).toList();
    json.object("agreement").put("networks", networks).put("shares", evaluation.agreement());
    json.objects("by_right", evaluation.byRight(), EvaluationJson::byRight);
    json.objects(
        "per_class", evaluation.perClass(), (node, each) -> perClass(node, each, networks));
    unsure(json.object("unsure"), evaluation.unsure());
    evaluation.separation().ifPresent(each -> separation(json.object("separation"), each));
    return json;
  }

  private static void unsure(JsonObject node, Evaluation.Unsure unsure) {
    node.put("min_confidence", unsure.thresholds().minConfidence())
        .put("min_margin", unsure.thresholds().minMargin())
        .put("share", unsure.share())
        .put("accuracy", unsure.accuracy())
        .put("lost", unsure.lost())
        .put("unknown", unsure.unknown());
  }

  private static void separation(JsonObject node, Separation separation) {
    node.put("known", separation.known())
        .put("families", separation.families().stream().map(Separation.Family::name).toList())
        .put("images", separation.families().stream().map(Separation.Family::images).toList())
        .put("kept", Separation.KEPT)
        .put("lost", Separation.LOST)
        .objects(
            "measures",
            separation.measures(),
            (measure, each) -> {
              measure.put("measure", each.certainty().label());
              shares(measure.object("auroc"), each.auroc());
              cut(measure.object("most_kept"), each.mostKept());
              cut(measure.object("few_lost"), each.fewLost());
              cut(measure.object("few_lost_bound"), each.fewLostEarly());
              measure.objects(
                  "coverage",
                  each.coverage(),
                  (point, value) ->
                      point.put("coverage", value.coverage()).put("accuracy", value.accuracy()));
            });
  }

  private static void cut(JsonObject node, Separation.Cut cut) {
    node.put("threshold", cut.threshold())
        .put("answered", cut.answered())
        .put("accuracy", cut.accuracy())
        .put("lost", cut.lost());
    shares(node.object("false_answers"), cut.falseAnswers());
  }

  private static void shares(JsonObject node, Separation.Shares shares) {
    node.put("all", shares.all()).put("by_family", shares.byFamily());
  }

  private static JsonObject reference(Metrics reference) {
    return new JsonObject()
        .put("id", reference.network().id())
        .put("accuracy", reference.accuracy())
        .put("macs", reference.network().cost().macs())
        .put("params", reference.network().cost().params())
        .put("inference_ms", reference.timing().inferenceMillis())
        .put("ece", reference.ece())
        .put("prepare_ms", reference.timing().prepareMillis())
        .put("model_bytes", reference.network().modelBytes());
  }

  private static void referenceCost(JsonObject node, Optional<ReferenceCost> cost) {
    node.put("macs", cost.map(each -> each.own().macs()))
        .put("params", cost.map(each -> each.own().params()))
        .put("macs_100", cost.map(each -> each.at100().macs()))
        .put("params_100", cost.map(each -> each.at100().params()))
        .put("source", cost.map(ReferenceCost::source));
  }

  private static void variant(JsonObject node, Metrics metrics, Evaluation evaluation) {
    Network network = metrics.network();
    Gains gains = Gains.of(network, evaluation.referenceCost());
    node.put("id", network.id())
        .put("accuracy", metrics.accuracy())
        .put("macs", network.cost().macs())
        .put("params", network.cost().params())
        .put("macs_gain", gains.macs())
        .put("params_gain", gains.params())
        .put("macs_gain_100", gains.macs100())
        .put("params_gain_100", gains.params100())
        .put("inference_ms", metrics.timing().inferenceMillis())
        .put("speedup", Gains.speedup(metrics, evaluation.reference()))
        .put("ece", metrics.ece())
        .put("prepare_ms", metrics.timing().prepareMillis())
        .put("model_bytes", network.modelBytes());
  }

  private static void fused(JsonObject node, Evaluation evaluation) {
    node.put("accuracy", evaluation.all().accuracy())
        .put("rule", evaluation.rules().get(0).rule())
        .put("k", evaluation.k())
        .put("ece_score", evaluation.fused().score())
        .put("ece_confidence", evaluation.fused().confidence())
        .put("ece_bins", CalibrationError.BINS);
  }

  private static void byRight(JsonObject node, Evaluation.ByRight images) {
    node.put("variants", images.variants())
        .put("images", images.images())
        .put("fused", images.fused())
        .put("reference", images.reference());
  }

  private static void perClass(
      JsonObject node, Evaluation.ClassAccuracy accuracy, List<String> networks) {
    node.put("class", accuracy.name())
        .put("images", accuracy.images())
        .put("fused", accuracy.fused());
    JsonObject shares = node.object("networks");
    for (int i = 0; i < networks.size(); i++) {
      shares.put(
          networks.get(i),
          accuracy.networks().isEmpty()
              ? Optional.empty()
              : Optional.of(accuracy.networks().get(i)));
    }
  }
}
