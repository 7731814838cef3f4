package chorale.evaluation.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A builder of a JSON object. Fields keep their order. Numbers have at most six decimals, so equal
 * results give equal text. Not thread-safe.
 */
public final class JsonObject {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectNode node = MAPPER.createObjectNode();

  /**
   * @param value text, a number, a Boolean, a {@link JsonObject}, a collection of such values, or
   *     an {@link Optional} of one, written as {@code null} if empty
   */
  public JsonObject put(String field, Object value) {
    node.set(field, json(value));
    return this;
  }

  /** Adds an array of objects, each filled by {@code write}. */
  public <T> JsonObject objects(
      String field, Collection<T> values, BiConsumer<JsonObject, ? super T> write) {
    List<JsonObject> objects = new ArrayList<>();
    for (T value : values) {
      JsonObject object = new JsonObject();
      write.accept(object, value);
      objects.add(object);
    }
    return put(field, objects);
  }

  /** Adds a new object as the field's value and returns it. */
  public JsonObject object(String field) {
    JsonObject object = new JsonObject();
    put(field, object);
    return object;
  }

  private static JsonNode json(Object value) {
    if (value instanceof JsonObject object) {
      return object.node;
    } else if (value instanceof Collection<?> values) {
      ArrayNode array = MAPPER.createArrayNode();
      values.forEach(each -> array.add(json(each)));
      return array;
    } else if (value instanceof Double number) {
      return DoubleNode.valueOf(Math.rint(number * 1e6) / 1e6);
    } else if (value instanceof Optional<?> optional) {
      return optional.map(JsonObject::known).orElse(NullNode.instance);
    }
    return MAPPER.valueToTree(value);
  }

  /** Writes whole numbers without a decimal point. */
  private static JsonNode known(Object value) {
    boolean whole = value instanceof Double number && number == Math.rint(number);
    return whole ? LongNode.valueOf(((Double) value).longValue()) : json(value);
  }

  /** Returns indented text with {@code \n} line ends on every platform, including the last. */
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
