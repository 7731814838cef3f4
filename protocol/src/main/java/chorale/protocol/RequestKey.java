package chorale.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The identity of a request: the first 16 bytes of SHA-256(camera, 0, length of the correlation
 * data as two bytes big-endian, correlation data, image). Every board computes the same key without
 * coordination, and the key binds an answer to its image. Immutable.
 *
 * <p>Empty and missing correlation data both have length 0. To give them different keys, the byte
 * after the camera is 1 if the data is empty; no name contains this byte. A request with empty
 * correlation data is always refused.
 */
public record RequestKey(long high, long low) {
  public static final int BYTES = 16;

  public static RequestKey of(String camera, Optional<Bytes> correlation, Bytes image) {
    Bytes data = correlation.orElse(Bytes.EMPTY);
    MessageDigest digest = Digests.sha256();
    digest.update(camera.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) (correlation.isPresent() && data.isEmpty() ? 1 : 0));
    digest.update((byte) (data.size() >>> 8));
    digest.update((byte) data.size());
    digest.update(data.sharedArray());
    digest.update(image.sharedArray());
    ByteBuffer first = ByteBuffer.wrap(digest.digest());
    return new RequestKey(first.getLong(), first.getLong());
  }

  /** Reads a {@code request_id}. */
  public static RequestKey ofHex(String hex) throws MalformedException {
    try {
      if (hex.length() == 2 * BYTES) {
        return new RequestKey(
            HexFormat.fromHexDigitsToLong(hex, 0, BYTES),
            HexFormat.fromHexDigitsToLong(hex, BYTES, 2 * BYTES));
      }
    } catch (IllegalArgumentException e) {
      // Reported below.
    }
    throw new MalformedException("request_id '" + hex + "' is not 32 hexadecimal digits");
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
