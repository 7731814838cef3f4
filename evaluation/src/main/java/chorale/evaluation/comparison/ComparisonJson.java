package chorale.evaluation.comparison;

import chorale.evaluation.comparison.Comparison.BoardCost;
import chorale.evaluation.comparison.Comparison.Death;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.evaluation.comparison.Comparison.Measured;
import chorale.evaluation.comparison.Comparison.Range;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A comparison as JSON. Stateless. */
public final class ComparisonJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ComparisonJson() {}

  public static String write(Comparison comparison) {
    ObjectNode root = MAPPER.createObjectNode();
    Comparison.Conditions conditions = comparison.conditions();
    root.putObject("conditions")
        .put("model_set", conditions.modelSet())
        .put("images", conditions.images())
        .put("judged", conditions.judged())
        .put("board_factor", conditions.boardFactor())
        .put("link", conditions.link())
        .put("tensor_type", conditions.tensorType())
        .put("timed", conditions.timed())
        .put("reference_validation_accuracy", conditions.reference());
    ArrayNode strategies = root.putArray("strategies");
    comparison.measured().forEach(each -> write(each, strategies.addObject()));
    try {
      return MAPPER.writer(new DefaultPrettyPrinter()).writeValueAsString(root) + '\n';
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers is JSON", e);
    }
  }

  private static void write(Measured measured, ObjectNode to) {
    to.put("strategy", measured.strategy().label());
    ArrayNode boards = to.putArray("boards");
    for (BoardCost each : measured.boards()) {
      boards
          .addObject()
          .put("name", each.name())
          .put("macs", each.cost().macs())
          .put("params", each.cost().params());
    }
    ObjectNode times = to.putObject("response_ms");
    times.put("p50", measured.times().p50()).put("p99", measured.times().p99());
    range(times.putObject("faster_than_single"), measured.times().againstSingle());
    to.put("throughput", measured.throughput());
    to.putObject("bytes_per_image")
        .put("input", measured.wire().input())
        .put("raw_input", measured.wire().rawInput())
        .put("intermediate", measured.wire().intermediate())
        .put("result", measured.wire().results());
    to.put("accuracy", measured.accuracy());
    to.put("agreement", measured.agreement());
    ArrayNode losses = to.putArray("availability");
    for (Loss each : measured.losses()) {
      losses
          .addObject()
          .put("dead", each.dead())
          .put("choices", each.choices())
          .put("accuracy_mean", each.mean())
          .put("accuracy_worst", each.worst())
          .put("accuracy_best", each.best())
          .put("answered", each.answered());
    }
    ArrayNode deaths = to.putArray("killed");
    for (Death each : measured.deaths()) {
      deaths
          .addObject()
          .put("board", each.board())
          .put("requests", each.requests())
          .put("lost", each.lost())
          .put("expected", each.expected())
          .put("as_theory", each.asTheory())
          .put("longest_ms", each.longestMillis());
    }
  }

  private static void range(ObjectNode to, Range range) {
    to.put("median", range.median()).put("min", range.min()).put("max", range.max());
  }
}
