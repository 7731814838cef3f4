package chorale.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/** All findings as JSON: figures as numbers, so that two runs can be compared. Stateless. */
final class BenchJson {
  private BenchJson() {}

  static String of(Map<String, String> about, Map<BenchPart, Findings> all) throws IOException {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField("schema", 1);
      json.writeObjectFieldStart("machine");
      for (Map.Entry<String, String> each : about.entrySet()) {
        json.writeStringField(each.getKey(), each.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("parts");
      for (Map.Entry<BenchPart, Findings> each : all.entrySet()) {
        part(json, each.getKey(), each.getValue());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return out + "\n";
  }

  private static void part(JsonGenerator json, BenchPart part, Findings found) throws IOException {
    json.writeStartObject();
    json.writeStringField("part", part.name());
    json.writeArrayFieldStart("figures");
    for (Figure each : found.figures()) {
      json.writeStartObject();
      json.writeStringField("figure", each.name());
      json.writeStringField("unit", each.unit());
      if (each.target().isPresent()) {
        json.writeNumberField(
            each.target().get().most() ? "at_most" : "at_least", each.target().get().bound());
        json.writeBooleanField("met", each.verdict().equals("met"));
      }
      json.writeNumberField("median", each.measured().median());
      json.writeNumberField("low", each.measured().low());
      json.writeNumberField("high", each.measured().high());
      json.writeNumberField("rounds", each.measured().rounds());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : found.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
