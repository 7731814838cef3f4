package chorale.config;

/** A setting that cannot be used: the text names the key, the value, its place, what is allowed. */
public final class SettingsException extends Exception {
  public SettingsException(String message) {
    super(message);
  }
}
