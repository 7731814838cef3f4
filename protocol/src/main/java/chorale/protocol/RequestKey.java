package chorale.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The identity of a request: the first 16 bytes of SHA-256(camera, 0, length of the correlation
 * data as two bytes big-endian, correlation data, image). Every board computes the same key without
 * coordination, and the key binds an answer to its image.
 */
public record RequestKey(long high, long low) {
  public static final int BYTES = 16;

  public static RequestKey of(String camera, Bytes correlation, Bytes image) {
    MessageDigest digest = Digests.sha256();
    digest.update(camera.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update((byte) (correlation.size() >>> 8));
    digest.update((byte) correlation.size());
    digest.update(correlation.sharedArray());
    digest.update(image.sharedArray());
    ByteBuffer first = ByteBuffer.wrap(digest.digest());
    return new RequestKey(first.getLong(), first.getLong());
  }

  /** The {@code request_id}: 32 lower-case hexadecimal digits. */
  public String hex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  @Override
  public String toString() {
    return hex();
  }
}
