package chorale.protocol;

import java.util.Base64;

/**
 * A secret key of 32 bytes for signatures. {@link #toString} hides it. Immutable.
 *
 * @param secret the key bytes
 */
public record SigningKey(Bytes secret) {
  public static final int BYTES = 32;

  /** The allowed content of a key file, for error messages. */
  public static final String ALLOWED =
      "32 bytes in base64, as 'openssl rand -base64 32' makes them";

  public SigningKey {
    if (secret.size() != BYTES) {
      throw new IllegalArgumentException(
          "a key of " + secret.size() + " bytes; allowed: " + ALLOWED);
    }
  }

  /**
   * Parses a key. The {@link IllegalArgumentException} for an invalid key does not contain the
   * text.
   */
  public static SigningKey parse(String base64) {
    try {
      return new SigningKey(Bytes.wrap(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a key; allowed: " + ALLOWED, e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[***]";
  }
}
