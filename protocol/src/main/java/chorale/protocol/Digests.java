package chorale.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 digests of models and class lists. A message holds the first 8 bytes of a digest as a
 * number; files and JSON hold lower-case hexadecimal. Stateless.
 */
public final class Digests {
  private Digests() {}

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public static Bytes sha256(Bytes content) {
    return Bytes.wrap(sha256().digest(content.sharedArray()));
  }

  /** The digest of an ordered class list: its names joined by line feeds, in UTF-8. */
  public static Bytes ofClasses(List<String> classes) {
    return sha256(Bytes.wrap(String.join("\n", classes).getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns the first 8 bytes of a digest as a big-endian number. */
  public static long prefix(Bytes digest) {
    return ByteBuffer.wrap(digest.sharedArray()).getLong();
  }

  /** Returns 16 lower-case hexadecimal digits. */
  public static String hex(long prefix) {
    return HexFormat.of().toHexDigits(prefix);
  }
}
