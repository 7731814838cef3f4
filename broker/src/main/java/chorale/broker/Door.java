package chorale.broker;

import chorale.config.BrokerSettings;
import chorale.config.SettingsException;
import java.time.Clock;
import java.util.Optional;

/**
 * Who may come in, and by which certificate the broker is known.
 *
 * @param users empty: everybody, and everybody may do everything
 * @param certificates empty: in clear
 */
record Door(Optional<UserBook> users, Optional<ListenerCertificates> certificates) {

  /** Throws an {@link IllegalArgumentException} that names key and file and what is wrong. */
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
