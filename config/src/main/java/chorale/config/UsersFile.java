package chorale.config;

import chorale.protocol.access.UserEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A reader of users files with one {@link UserEntry} on each line. Skips blank lines and lines that
 * start with {@code #}.
 */
public final class UsersFile {
  private UsersFile() {}

  /**
   * @throws SettingsException names the file and the line, what is wrong and what is expected
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
