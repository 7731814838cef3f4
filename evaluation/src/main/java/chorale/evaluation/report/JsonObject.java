package chorale.evaluation.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A JSON object under construction. Fields keep their order. Numbers have at most six decimals, so
 * that equal results give equal text; {@code null} stands for an unknown value. One owner.
 */
public final class JsonObject {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectNode node;

  public JsonObject() {
    this(MAPPER.createObjectNode());
  }

  private JsonObject(ObjectNode node) {
    this.node = node;
  }

  public JsonObject put(String field, String value) {
    node.put(field, value);
    return this;
  }

  public JsonObject put(String field, boolean value) {
    node.put(field, value);
    return this;
  }

  public JsonObject put(String field, long value) {
    node.put(field, value);
    return this;
  }

  public JsonObject put(String field, double value) {
    node.put(field, rounded(value));
    return this;
  }

  /** A number without a point if it is whole. */
  public JsonObject number(String field, Optional<? extends Number> value) {
    double number = value.map(Number::doubleValue).orElse(0.0);
    if (value.isEmpty()) {
      node.putNull(field);
    } else if (number == Math.rint(number)) {
      node.put(field, (long) number);
    } else {
      node.put(field, rounded(number));
    }
    return this;
  }

  public JsonObject text(String field, Optional<String> value) {
    node.put(field, value.orElse(null));
    return this;
  }

  /** An empty object as the field's value, to be filled. */
  public JsonObject object(String field) {
    return new JsonObject(node.putObject(field));
  }

  /** An object that {@code write} fills, or null. */
  public <T> JsonObject object(
      String field, Optional<T> value, BiConsumer<JsonObject, ? super T> write) {
    if (value.isPresent()) {
      write.accept(object(field), value.get());
    } else {
      node.putNull(field);
    }
    return this;
  }

  /** An array of objects, each of which {@code write} fills. */
  public <T> JsonObject objects(
      String field, Iterable<T> values, BiConsumer<JsonObject, ? super T> write) {
    ArrayNode array = node.putArray(field);
    values.forEach(value -> write.accept(new JsonObject(array.addObject()), value));
    return this;
  }

  public JsonObject strings(String field, Collection<String> values) {
    values.forEach(node.putArray(field)::add);
    return this;
  }

  /** An array of arrays. */
  public JsonObject matrix(String field, Iterable<? extends Collection<Double>> rows) {
    ArrayNode array = node.putArray(field);
    for (Collection<Double> row : rows) {
      ArrayNode cells = array.addArray();
      row.forEach(cell -> cells.add(rounded(cell)));
    }
    return this;
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }

  /** Indented, with the same line feeds on every platform, and one at the end. */
  public String text() {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter(" ", "\n"));
    try {
      return MAPPER.writer(printer).writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree in memory is always JSON", e);
    }
  }
}
