package chorale.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A codec for status messages: availability as plain text, info and health as JSON
 * (docs/protocol.md). Thread-safe.
 */
public final class StatusCodec {
  public static final Bytes ONLINE = Bytes.utf8("online");
  public static final Bytes OFFLINE = Bytes.utf8("offline");

  private static final String SHARE = "share";

  public Bytes encode(WorkerInfo info) {
    Reply.Author author = info.author();
    return Json.object(
        json -> {
          json.writeStringField("worker", author.worker());
          json.writeStringField("session", Digests.hex(author.session()));
          json.writeStringField("variant", author.variant());
          json.writeNumberField("alpha", author.alpha());
          json.writeNumberField("input_size", author.inputSize());
          json.writeStringField("model_set", info.modelSet());
          json.writeStringField("model_digest", Digests.hex(author.modelDigest()));
          json.writeStringField("class_digest", Digests.hex(author.classDigest()));
          json.writeArrayFieldStart("classes");
          for (String name : info.classes()) {
            json.writeString(name);
          }
          json.writeEndArray();
          json.writeNumberField("self_benchmark_ms", info.selfBenchmarkMillis());
          json.writeNumberField("board_factor", info.boardFactor());
          json.writeObjectFieldStart("calibration");
          writeNumbers(json, "fused", info.calibration().fused());
          writeNumbers(json, "confidence", info.calibration().confidence());
          json.writeEndObject();
          writeAssignment(json, info.assignment());
          json.writeNumberField("reply_schema", info.replySchema());
          json.writeStringField("version", info.version());
        });
  }

  /**
   * Omits default values: strategy variant, every worker answers, a whole network, all classes,
   * first tier.
   */
  private static void writeAssignment(JsonGenerator json, Assignment assignment)
      throws IOException {
    if (assignment.strategy() != Strategy.VARIANT) {
      json.writeStringField("strategy", assignment.strategy().label());
    }
    if (assignment.strategy().isFused() && assignment.isShared()) {
      json.writeStringField("replicas", SHARE);
    }
    if (assignment.stage().count() > 1) {
      json.writeObjectFieldStart("stage");
      json.writeNumberField("index", assignment.stage().index());
      json.writeNumberField("count", assignment.stage().count());
      json.writeEndObject();
    }
    if (!assignment.group().isEmpty()) {
      json.writeArrayFieldStart("group");
      for (int index : assignment.group()) {
        json.writeNumber(index);
      }
      json.writeEndArray();
    }
    writeTier(json, assignment.tier());
  }

  private static void writeTier(JsonGenerator json, Tier tier) throws IOException {
    if (!tier.isFirst()) {
      json.writeNumberField("tier", tier.number());
    }
    if (!tier.escalations().isEmpty()) {
      json.writeArrayFieldStart("escalations");
      for (Escalation each : tier.escalations()) {
        json.writeStartObject();
        json.writeStringField("plan", each.plan().label());
        writeNumbers(json, "thresholds", each.thresholds());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  private static Tier tier(JsonNode json) throws MalformedException {
    List<Escalation> escalations = new ArrayList<>();
    for (JsonNode each : json.path("escalations")) {
      TierPlan plan = TierPlan.parse(Json.text(each, "plan"));
      escalations.add(new Escalation(plan, numbers(each.path("thresholds"))));
    }
    return new Tier(json.path("tier").asInt(1), escalations);
  }

  private static Assignment assignment(JsonNode json) throws MalformedException {
    String label = Json.optionalText(json, "strategy").orElse(Strategy.VARIANT.label());
    Strategy strategy =
        Labels.find(Strategy.class, label)
            .orElseThrow(() -> new MalformedException("unknown strategy '" + label + "'"));
    JsonNode stage = json.path("stage");
    List<Integer> group = new ArrayList<>();
    json.path("group").forEach(index -> group.add(index.asInt(-1)));
    return new Assignment(
        strategy,
        stage.isMissingNode()
            ? Stage.WHOLE
            : new Stage(stage.path("index").asInt(), stage.path("count").asInt()),
        strategy.isShared() || json.path("replicas").asText().equals(SHARE),
        group,
        tier(json));
  }

  private static void writeNumbers(JsonGenerator json, String field, List<Double> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (double value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  private static List<Double> numbers(JsonNode json) {
    List<Double> values = new ArrayList<>();
    for (JsonNode value : json) {
      values.add(value.asDouble());
    }
    return values;
  }

  public WorkerInfo decodeWorkerInfo(Bytes payload) throws MalformedException {
    JsonNode json = read(payload);
    try {
      List<String> classes = new ArrayList<>();
      for (JsonNode name : json.path("classes")) {
        classes.add(name.asText());
      }
      Reply.Author author =
          new Reply.Author(
              Json.text(json, "variant"),
              Json.text(json, "worker"),
              HexFormat.fromHexDigitsToLong(Json.text(json, "session")),
              json.path("alpha").asDouble(),
              json.path("input_size").asInt(),
              classes.size(),
              HexFormat.fromHexDigitsToLong(Json.text(json, "class_digest")),
              HexFormat.fromHexDigitsToLong(Json.text(json, "model_digest")));
      return new WorkerInfo(
          author,
          Json.text(json, "model_set"),
          classes,
          json.path("self_benchmark_ms").asDouble(),
          json.path("board_factor").asDouble(1),
          new Calibration(
              numbers(json.path("calibration").path("fused")),
              numbers(json.path("calibration").path("confidence"))),
          assignment(json),
          json.path("reply_schema").asInt(1),
          Json.text(json, "version"));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  public Bytes encode(AggregatorInfo info) {
    return Json.object(
        json -> {
          json.writeStringField("aggregator", info.name());
          json.writeStringField("session", Digests.hex(info.session()));
          json.writeStringField("state", Labels.of(info.state()));
          json.writeBooleanField("asks", info.asks());
          json.writeNumberField("seat", info.seat());
          json.writeNumberField("open_ms", info.openMillis());
          json.writeStringField("fusion", info.fusion());
          json.writeNumberField("deadline_ms", info.deadlineMillis());
          json.writeNumberField("quorum", info.quorum());
          if (info.withstand() > 0) {
            json.writeNumberField("withstand", info.withstand());
          }
          json.writeStringField("version", info.version());
        });
  }

  public AggregatorInfo decodeAggregatorInfo(Bytes payload) throws MalformedException {
    JsonNode json = read(payload);
    try {
      String state = Json.text(json, "state");
      return new AggregatorInfo(
          Json.text(json, "aggregator"),
          HexFormat.fromHexDigitsToLong(Json.text(json, "session")),
          Labels.find(AggregatorInfo.State.class, state)
              .orElseThrow(() -> new MalformedException("unknown state '" + state + "'")),
          json.path("asks").asBoolean(),
          json.path("seat").asInt(-1),
          json.path("open_ms").asInt(),
          Json.text(json, "fusion"),
          json.path("deadline_ms").asInt(),
          json.path("quorum").asInt(),
          json.path("withstand").asInt(),
          Json.text(json, "version"));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static JsonNode read(Bytes payload) throws MalformedException {
    if (payload.size() > Limits.MAX_STATUS_BYTES) {
      throw new MalformedException("status of " + payload.size() + " bytes, allowed: 65536");
    }
    return Json.read(payload);
  }

  public Bytes encode(Health health) {
    return Json.object(
        json -> {
          json.writeStringField("ts", health.ts().toString());
          json.writeNumberField("uptime_s", health.uptimeSeconds());
          json.writeObjectFieldStart("counters");
          for (Map.Entry<String, Long> counter : health.counters().entrySet()) {
            json.writeNumberField(counter.getKey(), counter.getValue());
          }
          json.writeEndObject();
        });
  }
}
