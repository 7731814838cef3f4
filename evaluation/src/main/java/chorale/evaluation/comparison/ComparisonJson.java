package chorale.evaluation.comparison;

import chorale.evaluation.comparison.Comparison.Death;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.evaluation.comparison.Comparison.Measured;
import chorale.evaluation.report.JsonObject;

/** A writer of a {@link Comparison} as JSON. Stateless. */
public final class ComparisonJson {
  private ComparisonJson() {}

  public static String write(Comparison comparison) {
    Comparison.Conditions conditions = comparison.conditions();
    JsonObject json = new JsonObject();
    json.object("conditions")
        .put("model_set", conditions.modelSet())
        .put("images", conditions.images())
        .put("judged", conditions.judged())
        .put("board_factor", conditions.boardFactor())
        .put("link", conditions.link())
        .put("tensor_type", conditions.tensorType())
        .put("timed", conditions.timed())
        .put("reference_validation_accuracy", conditions.reference());
    return json.objects("strategies", comparison.measured(), ComparisonJson::measured).text();
  }

  private static void measured(JsonObject json, Measured measured) {
    Comparison.Range againstSingle = measured.times().againstSingle();
    json.put("strategy", measured.contender().label());
    measured
        .contender()
        .tiers()
        .ifPresent(
            tiers ->
                json.put("plan", tiers.plan().label())
                    .put("thresholds", tiers.thresholds())
                    .put("reached", measured.work().reached()));
    json.objects(
        "boards",
        measured.boards(),
        (board, each) ->
            board
                .put("name", each.name())
                .put("macs", each.cost().macs())
                .put("params", each.cost().params()));
    json.put("macs_per_image", measured.work().macs());
    JsonObject times = json.object("response_ms");
    times
        .put("mean", measured.times().mean())
        .put("p50", measured.times().p50())
        .put("p99", measured.times().p99());
    measured.times().notAsked().ifPresent(ratio -> times.put("not_asked_over_variant", ratio));
    times
        .object("faster_than_single")
        .put("all", againstSingle.all())
        .put("min", againstSingle.min())
        .put("max", againstSingle.max());
    json.put("throughput", measured.throughput());
    json.object("bytes_per_image")
        .put("input", measured.wire().input())
        .put("raw_input", measured.wire().rawInput())
        .put("intermediate", measured.wire().intermediate())
        .put("result", measured.wire().results());
    json.put("accuracy", measured.accuracy()).put("agreement", measured.agreement());
    json.objects("availability", measured.losses(), ComparisonJson::loss);
    json.objects("killed", measured.deaths(), ComparisonJson::death);
  }

  private static void loss(JsonObject json, Loss loss) {
    json.put("dead", loss.dead())
        .put("choices", loss.choices())
        .put("accuracy_mean", loss.mean())
        .put("accuracy_worst", loss.worst())
        .put("accuracy_best", loss.best())
        .put("answered", loss.answered());
    loss.sureErrors().ifPresent(share -> json.put("sure_errors", share));
  }

  private static void death(JsonObject json, Death death) {
    json.put("board", death.board())
        .put("requests", death.requests())
        .put("lost", death.lost())
        .put("expected", death.expected())
        .put("as_theory", death.asTheory())
        .put("longest_ms", death.longestMillis())
        .put("afterwards", death.afterwards())
        .put("sure_errors", death.sureErrors());
  }
}
