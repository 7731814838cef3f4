package chorale.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * A codec for JSON objects that start with the schema version. It reads untrusted bytes into a tree
 * and checks for required fields. Stateless.
 */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory FACTORY = new JsonFactory();

  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private Json() {}

  static Bytes object(Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("schema", Limits.SCHEMA);
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("the in-memory generator failed", e);
    }
    return Bytes.wrap(out.toByteArray());
  }

  static JsonNode read(Bytes payload) throws MalformedException {
    JsonNode json;
    try {
      json = MAPPER.readTree(payload.sharedArray());
    } catch (IOException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
    if (json == null || !json.isObject()) {
      throw new MalformedException("not a JSON object");
    }
    int schema = json.path("schema").asInt();
    if (schema != Limits.SCHEMA) {
      throw new MalformedException("schema " + schema + ", known: " + Limits.SCHEMA);
    }
    return json;
  }

  static String text(JsonNode json, String field) throws MalformedException {
    return optionalText(json, field)
        .orElseThrow(() -> new MalformedException("no text field '" + field + "'"));
  }

  static Optional<String> optionalText(JsonNode json, String field) {
    JsonNode value = json.path(field);
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }
}
