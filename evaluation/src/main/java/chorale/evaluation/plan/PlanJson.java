package chorale.evaluation.plan;

import chorale.evaluation.Combination;
import chorale.evaluation.report.JsonObject;
import chorale.protocol.Labels;
import java.util.Optional;

/** A writer of a {@link Plan} as JSON (docs/evaluation.md). Stateless. */
public final class PlanJson {
  private static final int SCHEMA = 1;

  private PlanJson() {}

  public static String write(Plan plan) {
    JsonObject json = new JsonObject().put("schema", SCHEMA).put("set", plan.set());
    json.put("deadline_ms", plan.bounds().deadlineMillis())
        .put("overhead_ms", plan.bounds().overheadMillis())
        .put("base_mb", plan.bounds().baseMegabytes());
    json.put("chosen", combination(plan.chosen()));
    json.put("response_ms", plan.responseMillis());
    json.put("rate", plan.rate()).put("limited_by", plan.limiting());
    json.objects(
        "boards", plan.placements(), (node, each) -> board(node, each, plan.chosen().accuracy()));
    json.put("possible", plan.possible()).put("combinations", plan.combinations());
    json.put("next", plan.next().map(PlanJson::combination));
    json.put(
        "beyond",
        plan.beyond().map(each -> combination(each.combination()).put("reason", each.reason())));
    return json.text();
  }

  private static JsonObject combination(Combination combination) {
    return new JsonObject()
        .put("variants", combination.variants())
        .put("accuracy", combination.accuracy())
        .put("macs", combination.macs());
  }

  private static void board(JsonObject node, Plan.Placement placement, double accuracy) {
    PlannedBoard board = placement.board();
    Optional<Plan.Work> work = placement.work();
    node.put("board", board.name())
        .put("factor", board.factor())
        .put("memory_mb", board.memoryMegabytes().stream().boxed().findFirst())
        .put("variant", work.map(Plan.Work::variant))
        .put("duty", work.map(each -> Labels.of(each.duty())))
        .put("time_ms", work.map(Plan.Work::millis))
        .put("footprint_mb", work.map(Plan.Work::megabytes))
        .put("accuracy_without", work.map(Plan.Work::accuracyWithout))
        .put("loss_points", work.map(each -> 100 * (accuracy - each.accuracyWithout())))
        .put("accuracy_replanned", work.map(Plan.Work::accuracyAnew));
  }
}
