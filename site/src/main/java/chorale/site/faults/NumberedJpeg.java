package chorale.site.faults;

import chorale.protocol.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Copies of a JPEG that differ only in a comment, and therefore in their request keys. Stateless.
 */
final class NumberedJpeg {
  private static final int START = 0xFFD8;
  private static final int COMMENT = 0xFFFE;

  private NumberedJpeg() {}

  /**
   * @throws IllegalArgumentException if the image is not a JPEG
   */
  static Bytes of(Bytes jpeg, long number) {
    ByteBuffer image = jpeg.buffer();
    if (image.remaining() < 2 || (image.getShort() & 0xFFFF) != START) {
      throw new IllegalArgumentException("not a JPEG: " + jpeg);
    }
    byte[] text = String.valueOf(number).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer numbered = ByteBuffer.allocate(jpeg.size() + 4 + text.length);
    numbered.putShort((short) START).putShort((short) COMMENT);
    numbered.putShort((short) (2 + text.length)).put(text).put(image);
    return Bytes.wrap(numbered.array());
  }
}
