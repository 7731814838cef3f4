package chorale.evaluation.plan;

import chorale.evaluation.Combination;
import chorale.evaluation.report.JsonObject;
import java.util.Optional;

/** A {@link Plan} as JSON (docs/evaluation.md). Stateless. */
public final class PlanJson {
  private static final int SCHEMA = 1;

  private PlanJson() {}

  public static String write(Plan plan) {
    JsonObject json = new JsonObject().put("schema", SCHEMA).put("set", plan.set());
    json.put("deadline_ms", plan.bounds().deadlineMillis())
        .put("overhead_ms", plan.bounds().overheadMillis())
        .put("base_mb", plan.bounds().baseMegabytes());
    combination(json.object("chosen"), plan.chosen());
    json.put("response_ms", plan.responseMillis());
    json.objects(
        "boards", plan.placements(), (node, each) -> board(node, each, plan.chosen().accuracy()));
    json.put("possible", plan.possible()).put("combinations", plan.combinations());
    json.object("next", plan.next(), PlanJson::combination);
    json.object(
        "beyond",
        plan.beyond(),
        (node, beyond) -> {
          combination(node, beyond.combination());
          node.put("reason", beyond.reason());
        });
    return json.text();
  }

  private static void combination(JsonObject node, Combination combination) {
    node.strings("variants", combination.variants())
        .put("accuracy", combination.accuracy())
        .put("macs", combination.macs());
  }

  private static void board(JsonObject node, Plan.Placement placement, double accuracy) {
    PlannedBoard board = placement.board();
    Optional<Plan.Work> work = placement.work();
    node.put("board", board.name())
        .put("factor", board.factor())
        .number("memory_mb", board.memoryMegabytes().stream().boxed().findFirst())
        .text("variant", work.map(Plan.Work::variant))
        .number("time_ms", work.map(Plan.Work::millis))
        .number("footprint_mb", work.map(Plan.Work::megabytes))
        .number("accuracy_without", work.map(Plan.Work::accuracyWithout))
        .number("loss_points", work.map(each -> 100 * (accuracy - each.accuracyWithout())))
        .number("accuracy_replanned", work.map(Plan.Work::accuracyAnew))
        .text("spare_for", placement.spare());
  }
}
