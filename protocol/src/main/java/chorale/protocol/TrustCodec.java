package chorale.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * A JSON codec for the messages about checks (docs/protocol.md): trust states of workers, and
 * notices of which frame is a check. Thread-safe.
 */
public final class TrustCodec {
  /**
   * The notice that a frame is published again as a check of the boards.
   *
   * @param key key of the check
   * @param of key of the original frame
   */
  public record Notice(RequestKey key, RequestKey of) {}

  public Bytes encode(Trust trust) {
    return Json.object(
        json -> {
          json.writeStringField("state", Labels.of(trust.state()));
          json.writeStringField("by", trust.by());
          json.writeStringField("reason", trust.reason());
          json.writeStringField("since", trust.since().toString());
          json.writeNumberField("right_checks", trust.rightChecks());
        });
  }

  /**
   * @param worker the worker whose topic the message arrived on
   */
  public Trust decodeTrust(String worker, Bytes payload) throws MalformedException {
    JsonNode json = Json.read(payload);
    String state = Json.text(json, "state");
    try {
      return new Trust(
          worker,
          Labels.find(Trust.State.class, state)
              .orElseThrow(() -> new MalformedException("unknown state '" + state + "'")),
          Json.text(json, "by"),
          Json.text(json, "reason"),
          Instant.parse(Json.text(json, "since")),
          json.path("right_checks").asInt());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  public Bytes encode(Notice notice) {
    return Json.object(
        json -> {
          json.writeStringField("key", notice.key().hex());
          json.writeStringField("of", notice.of().hex());
        });
  }

  public Notice decodeNotice(Bytes payload) throws MalformedException {
    JsonNode json = Json.read(payload);
    return new Notice(
        RequestKey.ofHex(Json.text(json, "key")), RequestKey.ofHex(Json.text(json, "of")));
  }
}
