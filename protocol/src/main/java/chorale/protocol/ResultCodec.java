package chorale.protocol;

import chorale.protocol.Result.Answer;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Origin;
import chorale.protocol.Result.Scored;
import chorale.protocol.Result.Status;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A JSON codec for results (docs/protocol.md). Readers must ignore unknown fields. Thread-safe. */
public final class ResultCodec {
  public Bytes encode(Result result) {
    return Json.object(json -> write(json, result));
  }

  private static void write(JsonGenerator json, Result result) throws IOException {
    json.writeStringField("request_id", result.requestId().hex());
    json.writeStringField("camera", result.camera());
    json.writeStringField("ts", result.ts().toString());
    json.writeStringField("status", result.status().label());
    writeError(json, result.error());
    if (result.answer().isPresent()) {
      writeAnswer(json, result.answer().get());
    }
    json.writeStringField("decided_by", result.decidedBy().label());
    writeVotes(json, result);
    json.writeNumberField("latency_ms", micros(result.latencyMillis()));
    json.writeNumberField("deadline_ms", result.deadlineMillis());
    if (result.capturedAt().isPresent()) {
      json.writeStringField("captured_at", result.capturedAt().get());
    }
    if (result.responseTopicRefused().isPresent()) {
      json.writeStringField("response_topic_refused", result.responseTopicRefused().get());
    }
    json.writeStringField("aggregator", result.origin().aggregator());
    json.writeNumberField("seq", result.origin().seq());
    json.writeBooleanField("repeated", result.repeated());
  }

  private static void writeError(JsonGenerator json, Optional<Failure> error) throws IOException {
    if (error.isPresent()) {
      json.writeStringField("error", error.get().code());
      if (!error.get().detail().isEmpty()) {
        json.writeStringField("detail", error.get().detail());
      }
    }
  }

  private static void writeAnswer(JsonGenerator json, Answer answer) throws IOException {
    json.writeStringField("class", answer.name());
    json.writeNumberField("class_index", answer.index());
    json.writeNumberField("confidence", rounded(answer.confidence()));
    json.writeNumberField("score", rounded(answer.score()));
    json.writeArrayFieldStart("topk");
    for (Scored scored : answer.topk()) {
      json.writeStartObject();
      json.writeStringField("class", scored.name());
      json.writeNumberField("class_index", scored.index());
      json.writeNumberField("score", rounded(scored.score()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("fusion", answer.fusion());
    json.writeNumberField("withstands", answer.withstands());
    if (answer.tier().isPresent()) {
      json.writeNumberField("tier", answer.tier().get());
    }
    if (!answer.missingClasses().isEmpty()) {
      json.writeArrayFieldStart("missing_classes");
      for (String name : answer.missingClasses()) {
        json.writeString(name);
      }
      json.writeEndArray();
    }
  }

  private static void writeVotes(JsonGenerator json, Result result) throws IOException {
    json.writeArrayFieldStart("answered");
    for (Answered vote : result.answered()) {
      json.writeStartObject();
      json.writeStringField("worker", vote.worker());
      json.writeStringField("variant", vote.variant());
      json.writeStringField("class", vote.name());
      json.writeNumberField("probability", rounded(vote.probability()));
      json.writeNumberField("inference_ms", micros(vote.inferenceMillis()));
      json.writeNumberField("arrived_ms", micros(vote.arrivedMillis()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("missing");
    for (Missing missing : result.missing()) {
      json.writeStartObject();
      json.writeStringField("variant", missing.variant());
      json.writeStringField("reason", missing.reason().label());
      writeError(json, missing.error());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (!result.quarantined().isEmpty()) {
      json.writeArrayFieldStart("quarantined");
      for (String worker : result.quarantined()) {
        json.writeString(worker);
      }
      json.writeEndArray();
    }
  }

  public Result decode(Bytes payload) throws MalformedException {
    JsonNode json = Json.read(payload);
    try {
      return new Result(
          RequestKey.ofHex(Json.text(json, "request_id")),
          Json.text(json, "camera"),
          Instant.parse(Json.text(json, "ts")),
          value(Status.class, Json.text(json, "status")),
          error(json),
          json.has("class") ? Optional.of(answer(json)) : Optional.empty(),
          value(DecidedBy.class, Json.text(json, "decided_by")),
          votes(json.path("answered")),
          missing(json.path("missing")),
          texts(json.path("quarantined")),
          json.path("latency_ms").asDouble(),
          json.path("deadline_ms").asInt(),
          Json.optionalText(json, "captured_at"),
          Json.optionalText(json, "response_topic_refused"),
          new Origin(Json.optionalText(json, "aggregator").orElse(""), json.path("seq").asLong()),
          json.path("repeated").asBoolean());
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static Answer answer(JsonNode json) throws MalformedException {
    List<Scored> topk = new ArrayList<>();
    for (JsonNode each : json.path("topk")) {
      topk.add(
          new Scored(
              Json.text(each, "class"),
              each.path("class_index").asInt(),
              each.path("score").asDouble()));
    }
    List<String> missing = new ArrayList<>();
    json.path("missing_classes").forEach(name -> missing.add(name.asText()));
    return new Answer(
        Json.text(json, "class"),
        json.path("class_index").asInt(),
        json.path("confidence").asDouble(),
        json.path("score").asDouble(),
        topk,
        Json.text(json, "fusion"),
        json.path("withstands").asInt(),
        missing,
        json.has("tier") ? Optional.of(json.path("tier").asInt()) : Optional.empty());
  }

  private static List<Answered> votes(JsonNode json) throws MalformedException {
    List<Answered> votes = new ArrayList<>();
    for (JsonNode each : json) {
      votes.add(
          new Answered(
              Json.text(each, "worker"),
              Json.text(each, "variant"),
              Json.text(each, "class"),
              each.path("probability").asDouble(),
              each.path("inference_ms").asDouble(),
              each.path("arrived_ms").asDouble()));
    }
    return votes;
  }

  private static List<Missing> missing(JsonNode json) throws MalformedException {
    List<Missing> missing = new ArrayList<>();
    for (JsonNode each : json) {
      missing.add(
          new Missing(
              Json.text(each, "variant"),
              value(MissingReason.class, Json.text(each, "reason")),
              error(each)));
    }
    return missing;
  }

  private static List<String> texts(JsonNode json) {
    List<String> texts = new ArrayList<>();
    json.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static Optional<Failure> error(JsonNode json) {
    return Json.optionalText(json, "error")
        .map(code -> new Failure(code, Json.optionalText(json, "detail").orElse("")));
  }

  private static <E extends Enum<E>> E value(Class<E> type, String label) {
    return Enum.valueOf(type, label.toUpperCase(Locale.ROOT));
  }

  private static double rounded(double probability) {
    return Math.rint(probability * 1e6) / 1e6;
  }

  /** Rounds to 3 decimals: microseconds. */
  private static double micros(double millis) {
    return Math.rint(millis * 1e3) / 1e3;
  }
}
