package chorale.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The known setting keys from {@code reference.conf}: paths below {@code chorale}, in the order of
 * that file. Immutable.
 */
final class Keys {
  private final List<String> ordered;
  private final Map<String, ConfigValueType> types;
  private final Map<String, String> byVariable;

  private Keys(List<String> ordered, Map<String, ConfigValueType> types) {
    this.ordered = List.copyOf(ordered);
    this.types = Map.copyOf(types);
    Map<String, String> variables = new HashMap<>();
    for (String key : ordered) {
      if (variables.put(variable(key), key) != null) {
        throw new IllegalStateException("two keys share the variable " + variable(key));
      }
    }
    this.byVariable = Map.copyOf(variables);
  }

  static Keys of(ConfigObject reference) {
    Map<String, ConfigValue> leaves = new HashMap<>();
    collect("", reference, leaves);
    List<String> ordered = new ArrayList<>(leaves.keySet());
    ordered.sort(Comparator.comparingInt(key -> leaves.get(key).origin().lineNumber()));
    Map<String, ConfigValueType> types = new HashMap<>();
    leaves.forEach((key, value) -> types.put(key, value.valueType()));
    return new Keys(ordered, types);
  }

  private static void collect(String path, ConfigObject object, Map<String, ConfigValue> leaves) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = path.isEmpty() ? entry.getKey() : path + '.' + entry.getKey();
      if (entry.getValue() instanceof ConfigObject section) {
        collect(key, section, leaves);
      } else {
        leaves.put(key, entry.getValue());
      }
    }
  }

  /** Returns the value of a known key, which may be the null from {@code reference.conf}. */
  static ConfigValue lookup(ConfigObject root, String key) {
    ConfigObject section = root;
    List<String> parts = ConfigUtil.splitPath(key);
    for (String part : parts.subList(0, parts.size() - 1)) {
      section = (ConfigObject) section.get(part);
    }
    return section.get(parts.get(parts.size() - 1));
  }

  List<String> inOrder() {
    return ordered;
  }

  boolean isKnown(String key) {
    return types.containsKey(key);
  }

  boolean isList(String key) {
    return types.get(key) == ConfigValueType.LIST;
  }

  Optional<String> ofVariable(String name) {
    return Optional.ofNullable(byVariable.get(name));
  }

  Optional<String> nearestVariable(String name) {
    return nearest(name, byVariable.keySet());
  }

  static String variable(String key) {
    return "CHORALE_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Rejects the first unknown key in the {@code chorale} section of a file. */
  void requireKnown(ConfigObject sections) throws SettingsException {
    Map<String, ConfigValue> leaves = new HashMap<>();
    collect("", sections, leaves);
    List<String> given = new ArrayList<>(leaves.keySet());
    given.sort(Comparator.comparingInt(key -> leaves.get(key).origin().lineNumber()));
    for (String key : given) {
      if (!isKnown(key)) {
        ConfigOrigin place = leaves.get(key).origin();
        if (isSection(key)) {
          String what = "a value, but a section is needed";
          throw SettingsException.at(place, key, what, key + " { ... }");
        }
        throw new SettingsException(
            key + ": unknown key (" + SettingsLoader.place(place) + ")" + suggestion(key));
      }
    }
  }

  private boolean isSection(String key) {
    return ordered.stream().anyMatch(known -> known.startsWith(key + '.'));
  }

  private String suggestion(String key) {
    Optional<String> near =
        nearest(key, types.keySet())
            .or(() -> ordered.stream().filter(known -> known.startsWith(key + '-')).findFirst());
    if (near.isPresent()) {
      return "; did you mean " + near.get() + "?";
    }
    String section = key.substring(0, key.lastIndexOf('.') + 1);
    List<String> beside = ordered.stream().filter(known -> known.startsWith(section)).toList();
    return "; allowed: " + String.join(", ", beside.isEmpty() ? ordered : beside);
  }

  private static Optional<String> nearest(String wrong, Set<String> known) {
    return known.stream()
        .filter(candidate -> distance(wrong, candidate) <= 3)
        .min(
            Comparator.comparingInt((String candidate) -> distance(wrong, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Returns the Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
