package chorale.config;

import chorale.protocol.SigningKey;
import java.nio.file.Path;

/** Reads a file that holds one key in base64 and nothing else. */
public final class KeyFile {
  private KeyFile() {}

  /**
   * @throws SettingsException it names the file and what is expected, and never shows the key
   */
  public static SigningKey read(Path file) throws SettingsException {
    String text = EntryFile.text(file, SigningKey.ALLOWED);
    try {
      return SigningKey.parse(text.strip());
    } catch (IllegalArgumentException e) {
      throw new SettingsException(file + ": " + e.getMessage());
    }
  }
}
