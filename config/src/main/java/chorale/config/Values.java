package chorale.config;

import chorale.protocol.FileFailure;
import chorale.protocol.Labels;
import chorale.protocol.Names;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A typed reader for the values of a section. Every error names the key, the value (never a
 * secret), its origin, and what is allowed. Immutable.
 */
final class Values {
  private final ConfigObject section;

  Values(ConfigObject section) {
    this.section = section;
  }

  /** A secret and the key that holds it. */
  record Secret(String key, String text) {}

  boolean isSet(String key) {
    return find(key).isPresent();
  }

  private Optional<ConfigValue> find(String key) {
    return Optional.ofNullable(Keys.lookup(section, key))
        .filter(value -> value.valueType() != ConfigValueType.NULL);
  }

  private ConfigValue required(String key, String allowed) throws SettingsException {
    Optional<ConfigValue> value = find(key);
    if (value.isEmpty()) {
      ConfigValue unset = Keys.lookup(section, key);
      throw SettingsException.at(
          (unset == null ? section : unset).origin(), key, "not set", allowed);
    }
    return value.get();
  }

  /** Returns the value as written; rejects lists and sections. */
  String scalar(String key, String allowed) throws SettingsException {
    Object value = required(key, allowed).unwrapped();
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw refused(key, allowed);
  }

  SettingsException refused(String key, String allowed) {
    return refused(key, "cannot be used", allowed);
  }

  private SettingsException refused(String key, String why, String allowed) {
    ConfigValue value = Keys.lookup(section, key);
    return SettingsException.at(value.origin(), key, quoted(key, value) + ' ' + why, allowed);
  }

  /** Creates {@code KEY: 'VALUE' WHAT (PLACE); ACTION}, for a value that needs another one. */
  SettingsException incomplete(String key, String what, String action) {
    ConfigValue value = Keys.lookup(section, key);
    return new SettingsException(
        "%s: %s %s (%s); %s"
            .formatted(
                key, quoted(key, value), what, SettingsLoader.place(value.origin()), action));
  }

  private static String quoted(String key, ConfigValue value) {
    return "'" + (EffectiveSettings.isSecret(key) ? EffectiveSettings.HIDDEN : shown(value)) + "'";
  }

  private static String shown(ConfigValue value) {
    String text = EffectiveSettings.withoutPassword(String.valueOf(value.unwrapped()));
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  String text(String key) throws SettingsException {
    String text = scalar(key, "a text");
    if (text.isBlank()) {
      throw refused(key, "a text");
    }
    return text;
  }

  Optional<String> optionalText(String key) throws SettingsException {
    return isSet(key) ? Optional.of(text(key)) : Optional.empty();
  }

  String name(String key) throws SettingsException {
    String name = scalar(key, Names.ALLOWED);
    if (!Names.isValid(name)) {
      throw refused(key, Names.ALLOWED);
    }
    return name;
  }

  /** Returns a constant by its label, with hyphens between words. */
  <E extends Enum<E>> E choice(String key, Class<E> type) throws SettingsException {
    SortedMap<String, E> choices = new TreeMap<>();
    for (E each : type.getEnumConstants()) {
      choices.put(Labels.of(each).replace('_', '-'), each);
    }
    String allowed = String.join(", ", choices.keySet());
    E choice = choices.get(scalar(key, allowed));
    if (choice == null) {
      throw refused(key, allowed);
    }
    return choice;
  }

  int integer(String key, int min, int max) throws SettingsException {
    return (int) number(key, "\\d{1,9}", min, max, "a whole number from " + min + " to " + max);
  }

  Optional<Integer> optionalInteger(String key, int min, int max) throws SettingsException {
    return isSet(key) ? Optional.of(integer(key, min, max)) : Optional.empty();
  }

  double number(String key, int min, int max) throws SettingsException {
    String form = "\\d{1,9}(\\.\\d{1,9})?";
    return number(key, form, min, max, "a number from " + min + " to " + max);
  }

  private double number(String key, String form, int min, int max, String allowed)
      throws SettingsException {
    String text = scalar(key, allowed);
    if (text.matches(form)) {
      double value = Double.parseDouble(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw refused(key, allowed);
  }

  boolean bool(String key) throws SettingsException {
    String allowed = "true or false";
    return switch (scalar(key, allowed)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused(key, allowed);
    };
  }

  Duration duration(String key, Duration min, Duration max) throws SettingsException {
    String allowed =
        Durations.ALLOWED + ", from " + Durations.format(min) + " to " + Durations.format(max);
    return Durations.parse(scalar(key, allowed))
        .filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0)
        .orElseThrow(() -> refused(key, allowed));
  }

  private List<ConfigValue> list(String key) throws SettingsException {
    if (required(key, "a list: [ ... ]") instanceof ConfigList list) {
      return list;
    }
    throw refused(key, "a list: [ ... ]");
  }

  List<String> texts(String key) throws SettingsException {
    List<String> texts = new ArrayList<>();
    for (ConfigValue each : list(key)) {
      if (!(each.unwrapped() instanceof String text) || text.isBlank()) {
        throw refused(key, "a list of texts: [\"...\"]");
      }
      texts.add(text.strip());
    }
    return texts;
  }

  /**
   * Returns a path; relative to the directory of the configuration file, or else to the working
   * directory.
   */
  Optional<Path> path(String key) throws SettingsException {
    if (!isSet(key)) {
      return Optional.empty();
    }
    Path path = Path.of(text(key));
    String file = required(key, "a path").origin().filename();
    Path parent = file == null ? null : Path.of(file).toAbsolutePath().getParent();
    return Optional.of(parent == null ? path : parent.resolve(path));
  }

  /** Returns a secret: the value itself, or the first line of a file. */
  Optional<Secret> secret(String key, String fileKey, int min, int max) throws SettingsException {
    if (isSet(key) && isSet(fileKey)) {
      throw refused(fileKey, key + " or " + fileKey + ", not both");
    }
    if (isSet(key)) {
      return Optional.of(bounded(new Secret(key, scalar(key, "a text")), "", min, max));
    }
    return secretFile(fileKey, min, max);
  }

  /** Returns the first line of a file. */
  Optional<Secret> secretFile(String fileKey, int min, int max) throws SettingsException {
    return isSet(fileKey)
        ? Optional.of(
            bounded(
                new Secret(fileKey, firstLine(fileKey)), "a file whose first line has ", min, max))
        : Optional.empty();
  }

  /**
   * @param what the beginning of the text that says what is allowed
   */
  private Secret bounded(Secret secret, String what, int min, int max) throws SettingsException {
    if (secret.text().length() < min || secret.text().length() > max) {
      throw refused(secret.key(), what + min + " to " + max + " characters");
    }
    return secret;
  }

  private String firstLine(String fileKey) throws SettingsException {
    Path file = path(fileKey).orElseThrow();
    try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      return line == null ? "" : line.strip();
    } catch (IOException e) {
      throw refused(fileKey, "cannot be read: " + FileFailure.reason(e), "a readable text file");
    }
  }
}
