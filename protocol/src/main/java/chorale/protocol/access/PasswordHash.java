package chorale.protocol.access;

import chorale.protocol.Bytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A stored password in Mosquitto's format, {@code $7$<iterations>$<salt>$<hash>}: PBKDF2 (RFC 8018,
 * section 5.2) with HMAC-SHA512 and one block of 64 bytes, salt and hash in base64. Immutable.
 */
public record PasswordHash(int iterations, Bytes salt, Bytes hash) {
  private static final String HMAC = "HmacSHA512";
  private static final int HASH_BYTES = 64;
  private static final int SALT_BYTES = 12; // as in Mosquitto
  private static final int MAX_ITERATIONS = 10_000_000;
  private static final Pattern FORM =
      Pattern.compile("\\$7\\$([0-9]{1,8})\\$([A-Za-z0-9+/=]{4,88})\\$([A-Za-z0-9+/=]{88})");

  public PasswordHash {
    if (iterations < 1 || iterations > MAX_ITERATIONS || hash.size() != HASH_BYTES) {
      throw new IllegalArgumentException("not a PBKDF2-HMAC-SHA512 password hash");
    }
  }

  /**
   * Parses a stored password. The {@link IllegalArgumentException} for an invalid text says what is
   * expected and does not contain the text.
   */
  public static PasswordHash parse(String text) {
    Matcher form = FORM.matcher(text);
    try {
      if (form.matches()) {
        return new PasswordHash(
            Integer.parseInt(form.group(1)), bytes(form.group(2)), bytes(form.group(3)));
      }
    } catch (IllegalArgumentException e) {
      // The shape matches, but the base64 or a number is invalid.
    }
    throw new IllegalArgumentException(
        "expected a password hash, $7$<iterations>$<salt>$<hash>; 'chorale passwd' makes one");
  }

  /** Hashes a new password, with a random salt. */
  public static PasswordHash of(Bytes password, int iterations, RandomGenerator random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new PasswordHash(
        iterations, Bytes.copyOf(salt), Bytes.wrap(derive(password, salt, iterations)));
  }

  /** Returns whether the password is right. Compares in constant time. */
  public boolean matches(Bytes password) {
    return MessageDigest.isEqual(
        hash.sharedArray(), derive(password, salt.sharedArray(), iterations));
  }

  /** Returns the form for files. */
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "$7$"
        + iterations
        + '$'
        + base64.encodeToString(salt.sharedArray())
        + '$'
        + base64.encodeToString(hash.sharedArray());
  }

  private static Bytes bytes(String base64) {
    return Bytes.wrap(Base64.getDecoder().decode(base64));
  }

  private static byte[] derive(Bytes password, byte[] salt, int iterations) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      // HMAC pads keys with zeros, so an empty key, which Java refuses, equals one zero byte.
      byte[] key = password.isEmpty() ? new byte[1] : password.sharedArray();
      mac.init(new SecretKeySpec(key, HMAC));
      byte[] block = ByteBuffer.allocate(salt.length + Integer.BYTES).put(salt).putInt(1).array();
      byte[] last = mac.doFinal(block);
      byte[] sum = last.clone();
      for (int i = 1; i < iterations; i++) {
        last = mac.doFinal(last);
        for (int k = 0; k < HASH_BYTES; k++) {
          sum[k] ^= last[k];
        }
      }
      return sum;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(HMAC + " is part of every Java", e);
    }
  }
}
