package chorale.config;

import chorale.protocol.access.UserEntry;
import java.nio.file.Path;
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
    String text = EntryFile.text(file, "a text file with one user a line");
    return List.copyOf(EntryFile.entries(file, text, "user", UsersFile::entry).values());
  }

  private static Map.Entry<String, UserEntry> entry(String line) {
    UserEntry user = UserEntry.parse(line);
    return Map.entry(user.identity().name(), user);
  }
}
