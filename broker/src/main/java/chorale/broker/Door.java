package chorale.broker;

import chorale.config.BrokerSettings;
import chorale.config.SettingsException;
import java.time.Clock;
import java.util.Optional;

/**
 * The broker's users and its TLS certificate.
 *
 * @param users empty: every client is admitted and may do everything
 * @param certificates empty: connections are not encrypted
 */
record Door(Optional<UserBook> users, Optional<ListenerCertificates> certificates) {

  /** Throws an {@link IllegalArgumentException} that names the key, the file and the mistake. */
  static Door of(BrokerSettings settings, Clock clock) {
    try {
      return new Door(
          settings.usersFile().isPresent()
              ? Optional.of(new UserBook(settings.usersFile().get()))
              : Optional.empty(),
          settings.tls().map(files -> new ListenerCertificates(files, clock)));
    } catch (SettingsException e) {
      throw new IllegalArgumentException("broker.users-file: " + e.getMessage(), e);
    }
  }
}
