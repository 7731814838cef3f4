package chorale.evaluation.attack;

import chorale.evaluation.attack.Attacks.Choices;
import chorale.evaluation.attack.Attacks.Row;
import chorale.evaluation.report.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;

/** A writer of {@link Attacks} as JSON (docs/liars.md). Stateless. */
public final class AttackJson {
  private static final int SCHEMA = 1;

  private AttackJson() {}

  public static String write(Attacks attacks) {
    JsonObject json =
        new JsonObject()
            .put("schema", SCHEMA)
            .put("set", attacks.set())
            .put("boards", attacks.boards())
            .put("requests", attacks.requests());
    json.objects("results", attacks.rows(), AttackJson::row);
    json.object("calm")
        .put("requests", attacks.calm().requests())
        .put("honest_quarantined", attacks.calm().quarantined());
    json.objects(
        "search",
        attacks.searches(),
        (node, each) ->
            node.put("rule", each.rule().label())
                .put("windows", each.windows())
                .put("certified", each.certified())
                .put("false_certificates", each.falsely()));
    return json.text();
  }

  private static void row(JsonObject node, Row row) {
    Choices over = row.over();
    OptionalInt after = row.checks().after();
    node.put("rule", row.rule().label())
        .put("attack", row.attack())
        .put("liars", row.liars())
        .put("accuracy", over.accuracy())
        .put("certified", over.certified())
        .put("false_certificates", over.falsely())
        .put(
            "quarantined_after",
            after.isPresent() ? Optional.of(after.getAsInt()) : Optional.empty())
        .put("honest_quarantined", row.checks().honest())
        .put("worst_liars", row.worst())
        .put("mean_accuracy", over.mean())
        .put("honest_accuracy", over.honest())
        .put("most_lost", over.lost());
  }
}
