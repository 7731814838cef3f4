package chorale.config;

import chorale.protocol.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A reader of text files with one entry on each line. Skips blank lines and lines that start with
 * {@code #}. Stateless.
 */
final class EntryFile {
  private EntryFile() {}

  static String text(Path file, String expected) throws SettingsException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new SettingsException(
          file + ": cannot be read (" + FileFailure.reason(e) + "); expected: " + expected);
    }
  }

  /**
   * @param kind the kind of the entries, for messages
   * @param parse maps a line to a name and its entry; throws an {@link IllegalArgumentException}
   *     that says what is wrong
   * @return the entries in the order of the lines
   */
  static <T> Map<String, T> entries(
      Path file, String text, String kind, Function<String, Map.Entry<String, T>> parse)
      throws SettingsException {
    Map<String, T> entries = new LinkedHashMap<>();
    Map<String, Integer> lineOf = new HashMap<>();
    List<String> lines = text.lines().toList();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Map.Entry<String, T> entry = parsed(file, number, line, parse);
      Integer before = lineOf.put(entry.getKey(), number);
      if (before != null) {
        throw new SettingsException(
            "%s:%d: %s '%s' is already on line %d; remove one of them"
                .formatted(file, number, kind, entry.getKey(), before));
      }
      entries.put(entry.getKey(), entry.getValue());
    }
    return entries;
  }

  private static <T> T parsed(Path file, int number, String line, Function<String, T> parse)
      throws SettingsException {
    try {
      return parse.apply(line);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(file + ":" + number + ": " + e.getMessage());
    }
  }
}
