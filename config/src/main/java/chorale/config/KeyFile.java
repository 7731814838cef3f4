package chorale.config;

import chorale.protocol.SigningKey;
import java.nio.file.Path;

/** A reader of files with one key in base64. */
public final class KeyFile {
  private KeyFile() {}

  /**
   * @throws SettingsException names the file and the expected content; does not show the key
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
