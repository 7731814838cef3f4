package chorale.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Writes a {@link Plan} as JSON (docs/evaluation.md). */
public final class PlanJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PlanJson() {}

  public static String write(Plan plan) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("schema", EvaluationJson.SCHEMA);
    json.put("set", plan.set());
    json.put("deadline_ms", plan.bounds().deadlineMillis());
    json.put("overhead_ms", plan.bounds().overheadMillis());
    json.put("base_mb", plan.bounds().baseMegabytes());
    combination(json.putObject("chosen"), plan.chosen());
    json.put("response_ms", rounded(plan.responseMillis()));
    for (Plan.Placement each : plan.placements()) {
      board(json.withArray("boards").addObject(), each, plan.chosen().accuracy());
    }
    json.put("possible", plan.possible());
    json.put("combinations", plan.combinations());
    if (plan.next().isPresent()) {
      combination(json.putObject("next"), plan.next().get());
    } else {
      json.putNull("next");
    }
    if (plan.beyond().isPresent()) {
      ObjectNode beyond = json.putObject("beyond");
      combination(beyond, plan.beyond().get().combination());
      beyond.put("reason", plan.beyond().get().reason());
    } else {
      json.putNull("beyond");
    }
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree in memory is always JSON", e);
    }
  }

  private static void combination(ObjectNode node, Combination combination) {
    combination.variants().forEach(node.putArray("variants")::add);
    node.put("accuracy", combination.accuracy());
    node.put("macs", combination.macs());
  }

  private static void board(ObjectNode node, Plan.Placement placement, double accuracy) {
    PlannedBoard board = placement.board();
    node.put("board", board.name());
    node.put("factor", rounded(board.factor()));
    node.put(
        "memory_mb",
        board.memoryMegabytes().isPresent() ? board.memoryMegabytes().getAsDouble() : null);
    Optional<Plan.Work> work = placement.work();
    node.put("variant", work.map(Plan.Work::variant).orElse(null));
    node.put("time_ms", work.map(each -> rounded(each.millis())).orElse(null));
    node.put("footprint_mb", work.map(each -> rounded(each.megabytes())).orElse(null));
    node.put("accuracy_without", work.map(Plan.Work::accuracyWithout).orElse(null));
    node.put(
        "loss_points",
        work.map(each -> rounded(100 * (accuracy - each.accuracyWithout()))).orElse(null));
    node.put("accuracy_replanned", work.map(Plan.Work::accuracyAnew).orElse(null));
    node.put("spare_for", placement.spare().orElse(null));
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }
}
