package chorale.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The settings in effect, with the original text and the origin of every value. Immutable. */
public final class EffectiveSettings {
  private static final String SECRET = "password";
  static final String HIDDEN = "***";

  private final Keys keys;
  private final Config chorale;
  private final Settings settings;

  EffectiveSettings(Keys keys, Config chorale, Settings settings) {
    this.keys = keys;
    this.chorale = chorale;
    this.settings = settings;
  }

  public Settings settings() {
    return settings;
  }

  /** Returns the configured files that hold passwords or keys. */
  public List<Path> secretFiles() throws SettingsException {
    Values values = new Values(chorale.root());
    List<Path> files = new ArrayList<>();
    for (String key : keys.inOrder()) {
      if (key.endsWith("-file") || key.endsWith(".key")) {
        values.path(key).ifPresent(files::add);
      }
    }
    return files;
  }

  /** Renders HOCON in the order of {@code reference.conf}, with secrets as {@value #HIDDEN}. */
  public String render(boolean withOrigins) {
    StringBuilder out = new StringBuilder(SettingsLoader.ROOT + " {\n");
    List<String> open = List.of();
    for (String key : keys.inOrder()) {
      List<String> parts = ConfigUtil.splitPath(key);
      List<String> sections = parts.subList(0, parts.size() - 1);
      moveTo(sections, open, out);
      open = sections;
      ConfigValue value = Keys.lookup(chorale.root(), key);
      out.append(indent(parts.size())).append(parts.get(parts.size() - 1)).append(" = ");
      out.append(shown(parts.get(parts.size() - 1), value));
      if (withOrigins) {
        out.append("  # ").append(SettingsLoader.place(value.origin()));
      }
      out.append('\n');
    }
    moveTo(List.of(), open, out);
    return out.append("}\n").toString();
  }

  private static void moveTo(List<String> sections, List<String> open, StringBuilder out) {
    int same = 0;
    while (same < Math.min(sections.size(), open.size())
        && sections.get(same).equals(open.get(same))) {
      same++;
    }
    for (int level = open.size(); level > same; level--) {
      out.append(indent(level)).append("}\n");
    }
    for (int level = same; level < sections.size(); level++) {
      out.append(indent(level + 1)).append(sections.get(level)).append(" {\n");
    }
  }

  private static String indent(int level) {
    return "  ".repeat(level);
  }

  private static String shown(String name, ConfigValue value) {
    return hidden(name, value).render(ConfigRenderOptions.concise());
  }

  private static ConfigValue hidden(String name, ConfigValue value) {
    if (value instanceof ConfigList list) {
      List<Object> shown = new ArrayList<>();
      list.forEach(each -> shown.add(hidden(name, each)));
      return ConfigValueFactory.fromIterable(shown);
    }
    if (value instanceof ConfigObject object) {
      ConfigObject shown = object;
      for (String key : object.keySet()) {
        shown = shown.withValue(key, hidden(key, object.get(key)));
      }
      return shown;
    }
    if (isSecret(name) && value.unwrapped() != null) {
      return ConfigValueFactory.fromAnyRef(HIDDEN);
    }
    return value.unwrapped() instanceof String text && text.contains("://")
        ? ConfigValueFactory.fromAnyRef(withoutPassword(text))
        : value;
  }

  /** Hides the password of an address such as {@code mqtt://user:password@host}. */
  static String withoutPassword(String address) {
    return address.replaceFirst("(?s)(://[^:@]*):.*@", "$1:" + HIDDEN + "@");
  }

  static boolean isSecret(String key) {
    return key.substring(key.lastIndexOf('.') + 1).equals(SECRET);
  }
}
