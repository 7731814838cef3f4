package chorale.setup;

import chorale.protocol.Bytes;
import chorale.protocol.SigningKey;
import chorale.protocol.access.Identity;
import chorale.protocol.access.PasswordHash;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** A generator of members' random passwords and keys. Not thread-safe. */
final class Secrets {
  /** 32 letters and digits that are easy to tell apart: 5 bits each. */
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

  private static final int PASSWORD_LETTERS = 26; // 130 bits
  private static final int KEY_BYTES = SigningKey.BYTES;

  /**
   * A low iteration count is safe for 130-bit passwords; a higher one would let login attempts
   * overload the broker.
   */
  private static final int ITERATIONS = 1_000;

  private final SecureRandom random;

  Secrets(SecureRandom random) {
    this.random = random;
  }

  SiteMember member(Identity identity) {
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < PASSWORD_LETTERS; i++) {
      password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    PasswordHash hash = PasswordHash.of(Bytes.utf8(password.toString()), ITERATIONS, random);
    Optional<String> replyKey =
        identity.role() == UserRole.WORKER ? Optional.of(key()) : Optional.empty();
    return new SiteMember(
        new UserEntry(identity, hash), password.toString(), replyKey, Optional.empty());
  }

  /** Returns a random key for signatures, in base64. */
  String key() {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }
}
