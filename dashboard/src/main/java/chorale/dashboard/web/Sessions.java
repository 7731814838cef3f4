package chorale.dashboard.web;

import chorale.config.SettingsException;
import chorale.config.UsersFile;
import chorale.protocol.Bytes;
import chorale.protocol.FileFailure;
import chorale.protocol.Ticker;
import chorale.protocol.access.PasswordHash;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The login sessions. Users come from a users file, which is reloaded when it changes; users that
 * are removed or have a new password are logged out. Sessions and failed attempts are bounded.
 * Thread-safe.
 */
final class Sessions {
  private static final System.Logger LOG = System.getLogger(Sessions.class.getName());
  private static final int MAX_SESSIONS = 1_000;
  private static final long MAX_IDLE_NANOS = TimeUnit.DAYS.toNanos(7);

  /** Maximum number of wrong passwords from one address in {@link #FAILURE_NANOS}. */
  private static final int MAX_FAILURES = 10;

  private static final int MAX_ADDRESSES = 1_000;
  private static final long FAILURE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** For a dummy hash, so that an unknown name takes as long as a wrong password. */
  private static final int NOBODY_ITERATIONS = 20_000;

  private final Path file;
  private final String site;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final PasswordHash nobody;

  private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Failures> failures = new LinkedHashMap<>();
  private Map<String, UserEntry> users = Map.of();
  private FileTime read = FileTime.fromMillis(0);

  private record Session(UserEntry user, long usedNanos) {}

  private record Failures(int count, long sinceNanos) {}

  /** The reason of a refused login. */
  enum Refused {
    WRONG,
    TOO_MANY
  }

  /**
   * The outcome of a login.
   *
   * @param token of the new session; empty if refused
   */
  record Login(Optional<String> token, Optional<Refused> refused) {}

  Sessions(Path file, String site, Ticker ticker, RandomGenerator random) {
    this.file = file;
    this.site = site;
    this.ticker = ticker;
    this.random = random;
    this.nobody = PasswordHash.of(Bytes.utf8("nobody"), NOBODY_ITERATIONS, random);
  }

  /**
   * @param address of the client, for the count of failures
   */
  Login login(String name, String password, String address) {
    UserEntry user;
    synchronized (this) {
      if (hasFailedTooOften(address)) {
        return new Login(Optional.empty(), Optional.of(Refused.TOO_MANY));
      }
      user = users().get(name);
    }
    // Outside the lock, because hashing is slow.
    boolean right =
        (user == null ? nobody : user.password()).matches(Bytes.utf8(password)) && user != null;
    synchronized (this) {
      if (!right) {
        failed(address);
        return new Login(Optional.empty(), Optional.of(Refused.WRONG));
      }
      byte[] token = new byte[32];
      random.nextBytes(token);
      String text = Bytes.wrap(token).hex();
      sessions.put(text, new Session(user, ticker.nanos()));
      if (sessions.size() > MAX_SESSIONS) {
        sessions.remove(sessions.keySet().iterator().next());
      }
      return new Login(Optional.of(text), Optional.empty());
    }
  }

  private boolean hasFailedTooOften(String address) {
    Failures own = failures.get(address);
    if (own == null) {
      return false;
    }
    if (ticker.nanos() - own.sinceNanos() > FAILURE_NANOS) {
      failures.remove(address);
      return false;
    }
    return own.count() >= MAX_FAILURES;
  }

  private void failed(String address) {
    failures.merge(
        address,
        new Failures(1, ticker.nanos()),
        (old, one) -> new Failures(old.count() + 1, old.sinceNanos()));
    if (failures.size() > MAX_ADDRESSES) {
      failures.remove(failures.keySet().iterator().next());
    }
  }

  synchronized void logout(String token) {
    sessions.remove(token);
  }

  /** Returns the user of a session, if it is valid. */
  synchronized Optional<UserEntry> find(String token) {
    Session session = sessions.get(token);
    if (session == null) {
      return Optional.empty();
    }
    boolean holds =
        session.user().equals(users().get(session.user().identity().name()))
            && ticker.nanos() - session.usedNanos() < MAX_IDLE_NANOS;
    if (!holds) {
      sessions.remove(token);
      return Optional.empty();
    }
    sessions.put(token, new Session(session.user(), ticker.nanos()));
    return Optional.of(session.user());
  }

  /** Returns operators and dashboards of this site by name; none if the file cannot be read. */
  private Map<String, UserEntry> users() {
    try {
      FileTime now = Files.getLastModifiedTime(file);
      if (!now.equals(read)) {
        users = byName(UsersFile.read(file));
        read = now;
      }
    } catch (IOException e) {
      disable(FileFailure.described(e, file));
    } catch (SettingsException e) {
      disable(e.getMessage());
    }
    return users;
  }

  /** Removes all users; logs the reason once. */
  private void disable(String reason) {
    if (!users.isEmpty() || read.toMillis() == 0) {
      LOG.log(Level.WARNING, "logins are disabled: {0}; correct dashboard.users-file", reason);
    }
    users = Map.of();
    read = FileTime.fromMillis(1);
  }

  private Map<String, UserEntry> byName(List<UserEntry> all) {
    Map<String, UserEntry> some = new HashMap<>();
    for (UserEntry each : all) {
      UserRole role = each.identity().role();
      if (each.identity().site().equals(site)
          && (role == UserRole.OPERATOR || role == UserRole.DASHBOARD)) {
        some.put(each.identity().name(), each);
      }
    }
    return Map.copyOf(some);
  }
}
