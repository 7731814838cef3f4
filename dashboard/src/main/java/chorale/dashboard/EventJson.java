package chorale.dashboard;

import chorale.protocol.Bytes;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** A writer of events as JSON without line feeds, in memory. Stateless. */
final class EventJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private EventJson() {}

  static Bytes object(Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("an in-memory generator cannot fail", e);
    }
    return Bytes.wrap(out.toByteArray());
  }

  /** Writes cards by name, null for removed ones; writes nothing without cards. */
  static <C extends Card> void write(
      JsonGenerator json, String field, Map<String, Optional<C>> cards) throws IOException {
    if (cards.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Optional<C>> each : cards.entrySet()) {
      json.writeFieldName(each.getKey());
      if (each.getValue().isPresent()) {
        json.writeStartObject();
        each.getValue().get().write(json);
        json.writeEndObject();
      } else {
        json.writeNull();
      }
    }
    json.writeEndObject();
  }
}
