package chorale.config;

import chorale.protocol.access.UserEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a users file: one {@link UserEntry} a line; blank lines and lines that begin with {@code #}
 * are left out.
 */
public final class UsersFile {
  private UsersFile() {}

  /**
   * @throws SettingsException it names file and line, what is wrong and what is expected
   */
  public static List<UserEntry> read(Path file) throws SettingsException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new SettingsException(
          file + ": cannot be read (" + e + "); expected: a text file with one user a line");
    }
    List<UserEntry> users = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      UserEntry user = entry(file, number, line);
      Integer before = seen.put(user.identity().name(), number);
      if (before != null) {
        throw new SettingsException(
            "%s:%d: user '%s' stands on line %d already; remove one of the two"
                .formatted(file, number, user.identity().name(), before));
      }
      users.add(user);
    }
    return users;
  }

  private static UserEntry entry(Path file, int number, String line) throws SettingsException {
    try {
      return UserEntry.parse(line);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(file + ":" + number + ": " + e.getMessage());
    }
  }
}
