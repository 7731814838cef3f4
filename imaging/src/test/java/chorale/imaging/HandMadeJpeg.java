package chorale.imaging;

import chorale.protocol.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/**
 * A gray JPEG written bit by bit with the standard Huffman tables, so that a test can violate one
 * rule of ITU-T T.81 at a time.
 */
final class HandMadeJpeg {
  /** Codes of the standard luma table: a DC difference of 0, then "end of block". */
  static final String SAME = "00";

  static final String END = "1010";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private StringBuilder bits = new StringBuilder();

  /**
   * @param restartInterval blocks between restart markers, 0 for none
   */
  HandMadeJpeg(int width, int height, int restartInterval) {
    hex("FFD8 FFDB 0043 00" + "10".repeat(64));
    hex("FFC0 000B 08 %04X %04X 01 01 11 00".formatted(height, width));
    if (restartInterval > 0) {
      hex("FFDD 0004 %04X".formatted(restartInterval));
    }
    table(StandardHuffman.segment(0, 0));
    table(StandardHuffman.segment(1, 0));
    hex("FFDA 0008 01 01 00 00 3F 00");
  }

  private void table(byte[] content) {
    hex("FFC4 %04X".formatted(content.length + 2));
    out.writeBytes(content);
  }

  /** Adds bits, given as text of zeros and ones. */
  HandMadeJpeg bits(String added) {
    bits.append(added);
    return this;
  }

  /** Adds so many blocks with the brightness of the block before. */
  HandMadeJpeg blocks(int count) {
    return bits((SAME + END).repeat(count));
  }

  /** Pads the last byte with ones, as encoders do. */
  HandMadeJpeg align() {
    return align('1');
  }

  HandMadeJpeg align(char padding) {
    while (bits.length() % 8 != 0) {
      bits.append(padding);
    }
    for (int i = 0; i < bits.length(); i += 8) {
      int value = Integer.parseInt(bits.substring(i, i + 8), 2);
      out.write(value);
      if (value == 0xFF) {
        out.write(0);
      }
    }
    bits = new StringBuilder();
    return this;
  }

  HandMadeJpeg hex(String added) {
    out.writeBytes(HexFormat.of().parseHex(added.replace(" ", "")));
    return this;
  }

  Bytes bytes() {
    return Bytes.wrap(out.toByteArray());
  }

  /** Returns the file with a padded last byte and EOI. */
  Bytes finished() {
    return align().hex("FFD9").bytes();
  }
}
