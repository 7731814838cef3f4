package chorale.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/** Reading JSON that somebody else wrote: a tree, and fields that must be there. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static JsonNode read(Bytes payload) throws JsonProcessingException, MalformedException {
    try {
      JsonNode json = MAPPER.readTree(payload.sharedArray());
      if (json == null || !json.isObject()) {
        throw new MalformedException("not a JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
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
