package chorale.aggregator.trust;

import chorale.protocol.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * A copy of an image with different bytes but the same pixels. It contains an additional comment:
 * COM in a JPEG (ISO/IEC 10918-1, B.2.4.5), tEXt in a PNG (PNG specification, 11.3.4.3). Stateless.
 */
public final class ImageVariation {
  private static final int MIN_TEXT = 8;
  private static final int MAX_TEXT = 64;
  private static final int MARKER = 0xff;
  private static final int SOI = 0xd8;
  private static final int APP0 = 0xe0;
  private static final int APP15 = 0xef;
  private static final int COM = 0xfe;
  private static final long PNG_SIGNATURE = 0x89504e470d0a1a0aL;

  /** Length of the signature and IHDR: length, type, 13 bytes, CRC. */
  private static final int PNG_HEADER = 8 + 4 + 4 + 13 + 4;

  private ImageVariation() {}

  /** Returns a variation; empty unless the bytes start as a JPEG or PNG. */
  public static Optional<Bytes> of(Bytes image, RandomGenerator random) {
    OptionalInt jpeg = afterApplicationSegments(image.sharedArray());
    if (jpeg.isPresent()) {
      byte[] text = text(random);
      ByteBuffer comment = ByteBuffer.allocate(4 + text.length);
      comment.put((byte) MARKER).put((byte) COM).putShort((short) (2 + text.length)).put(text);
      return Optional.of(insert(image, jpeg.getAsInt(), comment.array()));
    }
    byte[] bytes = image.sharedArray();
    boolean isPng = bytes.length > PNG_HEADER && ByteBuffer.wrap(bytes).getLong() == PNG_SIGNATURE;
    return isPng ? Optional.of(insert(image, PNG_HEADER, comment(random))) : Optional.empty();
  }

  /** Skips JFIF, Exif and comments, which some decoders require first. */
  private static OptionalInt afterApplicationSegments(byte[] bytes) {
    if (bytes.length < 4 || (bytes[0] & 0xff) != MARKER || (bytes[1] & 0xff) != SOI) {
      return OptionalInt.empty();
    }
    int at = 2;
    while (at + 4 <= bytes.length && (bytes[at] & 0xff) == MARKER) {
      int marker = bytes[at + 1] & 0xff;
      if (marker != COM && (marker < APP0 || marker > APP15)) {
        return OptionalInt.of(at);
      }
      at += 2 + ByteBuffer.wrap(bytes).getChar(at + 2);
    }
    return OptionalInt.empty();
  }

  private static byte[] comment(RandomGenerator random) {
    byte[] keyword = "Comment\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] text = text(random);
    ByteBuffer chunk = ByteBuffer.allocate(12 + keyword.length + text.length);
    chunk.putInt(keyword.length + text.length);
    chunk.put("tEXt".getBytes(StandardCharsets.ISO_8859_1)).put(keyword).put(text);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, chunk.position() - 4);
    return chunk.putInt((int) crc.getValue()).array();
  }

  private static byte[] text(RandomGenerator random) {
    byte[] text = new byte[random.nextInt(MIN_TEXT, MAX_TEXT + 1)];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) random.nextInt('a', 'z' + 1);
    }
    return text;
  }

  private static Bytes insert(Bytes image, int at, byte[] part) {
    byte[] bytes = image.sharedArray();
    ByteBuffer all = ByteBuffer.allocate(bytes.length + part.length);
    return Bytes.wrap(all.put(bytes, 0, at).put(part).put(bytes, at, bytes.length - at).array());
  }
}
