package chorale.broker;

import chorale.config.BrokerSettings;
import chorale.config.BrokerSettings.CameraRate;
import chorale.protocol.Bytes;
import chorale.protocol.access.Identity;
import chorale.protocol.access.PasswordHash;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Users files of the site {@code home}, with hashes that are cheap to check. */
public final class BrokerUsers {
  private BrokerUsers() {}

  public static UserEntry user(String name, UserRole role, String password) {
    return user(new Identity(name, role, "home"), password);
  }

  public static UserEntry user(Identity identity, String password) {
    return new UserEntry(identity, PasswordHash.of(Bytes.utf8(password), 10, new SecureRandom()));
  }

  public static Path write(Path file, UserEntry... users) {
    try {
      return Files.write(file, Stream.of(users).map(UserEntry::line).toList());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Returns settings of a broker on loopback, with any free port. */
  public static BrokerSettings settings(Path users) {
    return settings(users, CameraRate.STANDARD);
  }

  static BrokerSettings settings(Path users, CameraRate rate) {
    return new BrokerSettings(
        0,
        Optional.of(0),
        List.of("https://panel.example.org"),
        "127.0.0.1",
        rate,
        Optional.of(users),
        Optional.empty());
  }
}
