package chorale.variants;

import chorale.protocol.FileFailure;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A JSON file with typed, validated access by key. It uses Typesafe Config (JSON is valid HOCON) to
 * avoid loading a second JSON library at a worker's start. Ignores unknown keys, because newer
 * tools may add some.
 */
final class JsonFile {
  private static final long MAX_BYTES = 16L * 1024 * 1024;
  private static final int SHOWN = 60;

  private final Path file;
  private final Config root;

  /** Path of an object inside the file, for messages. */
  private final String prefix;

  private JsonFile(Path file, Config root, String prefix) {
    this.file = file;
    this.root = root;
    this.prefix = prefix;
  }

  static JsonFile read(Path file) throws ModelSetException {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ModelSetException(
            "%s: %d bytes (allowed: at most %d); copy the model set again"
                .formatted(file, size, MAX_BYTES));
      }
      String text = Files.readString(file);
      return new JsonFile(
          file,
          ConfigFactory.parseString(
              text, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON)),
          "");
    } catch (NoSuchFileException e) {
      throw new ModelSetException(file + ": no such file", e);
    } catch (IOException e) {
      throw new ModelSetException(file + ": cannot be read: " + FileFailure.reason(e), e);
    } catch (ConfigException e) {
      throw new ModelSetException(
          file + ": not JSON: " + e.getMessage().replaceFirst("^String: (\\d+): ", "line $1: "), e);
    }
  }

  /** Returns the key of a member with an arbitrary name. */
  static String member(String object, String name) {
    return ConfigUtil.joinPath(object, name);
  }

  boolean has(String key) {
    return root.hasPath(key);
  }

  String text(String key) throws ModelSetException {
    return asText(required(key)).orElseThrow(() -> wrong(key, "a text"));
  }

  /** Returns a text that must be one of the allowed ones. */
  String oneOf(String key, List<String> allowed) throws ModelSetException {
    String value = text(key);
    if (!allowed.contains(value)) {
      throw wrong(
          key, allowed.stream().map(each -> '"' + each + '"').collect(Collectors.joining(" or ")));
    }
    return value;
  }

  double number(String key, double min, double max) throws ModelSetException {
    OptionalDouble value = asNumber(required(key));
    if (value.isEmpty() || !(value.getAsDouble() >= min && value.getAsDouble() <= max)) {
      throw wrong(key, "a number from " + plain(min) + " to " + plain(max));
    }
    return value.getAsDouble();
  }

  long integer(String key, long min, long max) throws ModelSetException {
    double value = asNumber(required(key)).orElse(Double.NaN);
    if (!(value >= min && value <= max && value == Math.rint(value))) {
      throw wrong(key, "a whole number from " + min + " to " + max);
    }
    return (long) value;
  }

  List<String> texts(String key) throws ModelSetException {
    List<String> texts = new ArrayList<>();
    for (ConfigValue each : list(key, "a list of texts")) {
      texts.add(asText(each).orElseThrow(() -> wrong(key, "a list of texts")));
    }
    return texts;
  }

  List<Integer> integers(String key, int min, int max) throws ModelSetException {
    String allowed = "a list of whole numbers from " + min + " to " + max;
    List<Integer> integers = new ArrayList<>();
    for (ConfigValue each : list(key, allowed)) {
      double value = asNumber(each).orElse(Double.NaN);
      if (!(value >= min && value <= max && value == Math.rint(value))) {
        throw wrong(key, allowed);
      }
      integers.add((int) value);
    }
    return integers;
  }

  /** Returns the objects of a list, each as a separate reader. */
  List<JsonFile> objects(String key) throws ModelSetException {
    List<JsonFile> objects = new ArrayList<>();
    for (ConfigValue each : list(key, "a list of objects")) {
      if (!(each instanceof ConfigObject object)) {
        throw wrong(key, "a list of objects");
      }
      String at = prefix + key + '[' + objects.size() + "].";
      objects.add(new JsonFile(file, object.toConfig(), at));
    }
    return objects;
  }

  List<Double> shares(String key) throws ModelSetException {
    List<Double> numbers = new ArrayList<>();
    for (ConfigValue each : list(key, "a list of numbers from 0 to 1")) {
      double value = asNumber(each).orElse(Double.NaN);
      if (!(value >= 0 && value <= 1)) {
        throw wrong(key, "a list of numbers from 0 to 1");
      }
      numbers.add(value);
    }
    return numbers;
  }

  /** Returns the error {@code FILE: KEY is VALUE (allowed: ALLOWED)}. */
  ModelSetException wrong(String key, String allowed) {
    String value = root.hasPath(key) ? shown(root.getValue(key)) : "absent";
    return new ModelSetException(
        file + ": " + prefix + key + " is " + value + " (allowed: " + allowed + ")");
  }

  private ConfigList list(String key, String allowed) throws ModelSetException {
    if (required(key) instanceof ConfigList list) {
      return list;
    }
    throw wrong(key, allowed);
  }

  private ConfigValue required(String key) throws ModelSetException {
    if (!root.hasPath(key)) {
      throw new ModelSetException(
          file + ": '" + prefix + key + "' is missing; copy the model set again");
    }
    return root.getValue(key);
  }

  private static Optional<String> asText(ConfigValue value) {
    return value.unwrapped() instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static OptionalDouble asNumber(ConfigValue value) {
    return value.unwrapped() instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  private static String shown(ConfigValue value) {
    if (value instanceof ConfigList list) {
      return "a list of " + list.size();
    }
    if (value instanceof ConfigObject) {
      return "an object";
    }
    String text = value.render();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
