package chorale.broker;

import chorale.config.SettingsException;
import chorale.config.UsersFile;
import chorale.config.WatchedFiles;
import chorale.protocol.Bytes;
import chorale.protocol.access.UserEntry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The users of the broker, from a file that is reloaded when it changes. If the new version has a
 * mistake, it is reported and the old users stay valid. Thread-safe, except {@link #refresh}, which
 * one thread calls.
 */
final class UserBook {
  private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());

  /** The password in examples; other example passwords begin with it. */
  private static final String EXAMPLE = "change-me";

  private final Path file;
  private final WatchedFiles watched;
  private volatile Map<String, UserEntry> users = Map.of();

  /**
   * @throws SettingsException names the file, the line, the mistake and what is allowed
   */
  UserBook(Path file) throws SettingsException {
    this.file = file;
    this.watched = new WatchedFiles(List.of(file));
    this.users = read();
  }

  Optional<UserEntry> find(String name) {
    return Optional.ofNullable(users.get(name));
  }

  /** Returns whether the user still has the same password, role and site. */
  boolean isCurrent(UserEntry user) {
    return user.equals(users.get(user.identity().name()));
  }

  /** Returns all users; never empty. */
  Collection<UserEntry> all() {
    return users.values();
  }

  /** Reloads the file if it has changed. */
  void refresh() {
    if (!watched.haveChanged()) {
      return;
    }
    try {
      users = read();
      LOG.log(Level.INFO, "{0}: reloaded, {1} users", file, users.size());
    } catch (SettingsException e) {
      LOG.log(Level.WARNING, "{0}; the old users stay valid", e.getMessage());
    }
  }

  private Map<String, UserEntry> read() throws SettingsException {
    Map<String, UserEntry> all = new LinkedHashMap<>();
    for (UserEntry user : UsersFile.read(file)) {
      if (!isCurrent(user)) {
        refuseExample(user);
      }
      all.put(user.identity().name(), user);
    }
    if (all.isEmpty()) {
      throw new SettingsException(
          file + ": contains no user; add one with 'chorale passwd FILE NAME --role ROLE'");
    }
    return all;
  }

  private void refuseExample(UserEntry user) throws SettingsException {
    String name = user.identity().name();
    for (String example : List.of(EXAMPLE, EXAMPLE + '-' + name)) {
      if (user.password().matches(Bytes.utf8(example))) {
        throw new SettingsException(
            "%s: user '%s' has the password '%s' of an example; change it with 'chorale passwd %s %s'"
                .formatted(file, name, example, file, name));
      }
    }
  }
}
