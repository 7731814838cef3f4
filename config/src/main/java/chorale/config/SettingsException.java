package chorale.config;

import com.typesafe.config.ConfigOrigin;

/** An invalid setting. The message names the key, the value, its origin and what is allowed. */
public final class SettingsException extends Exception {
  public SettingsException(String message) {
    super(message);
  }

  /** Creates {@code KEY: WHAT (PLACE); allowed: ALLOWED}. */
  static SettingsException at(ConfigOrigin place, String key, String what, String allowed) {
    return new SettingsException(
        "%s: %s (%s); allowed: %s".formatted(key, what, SettingsLoader.place(place), allowed));
  }
}
