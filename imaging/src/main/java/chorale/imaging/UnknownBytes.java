package chorale.imaging;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A guess at the content of a payload without an image: text, an image corrupted by text
 * conversion, raw pixels, or a part of a JPEG. Used only in messages of rejections.
 */
final class UnknownBytes {
  static final String CONVERTED =
      "an image converted to UTF-8 or other text on its way; send the file's unchanged bytes";

  private static final int HEAD = 512;

  private static final int[][] SIZES = {
    {96, 96},
    {160, 120},
    {176, 144},
    {224, 224},
    {240, 240},
    {320, 240},
    {352, 288},
    {400, 296},
    {480, 320},
    {640, 360},
    {640, 480},
    {800, 600},
    {1024, 768},
    {1280, 720},
    {1920, 1080}
  };

  private UnknownBytes() {}

  /** Returns one line: what the payload seems to be, and what to send instead. */
  static String describe(byte[] data) {
    if (isNearlyAnImage(data)) {
      return CONVERTED;
    }
    Optional<String> raw = raw(data);
    if (raw.isPresent()) {
      return raw.get();
    }
    String text = text(data);
    if (!text.isBlank()) {
      return ofText(text.strip());
    }
    if (isPiece(data)) {
      return "a piece of a JPEG without its start; send each image whole, in one message";
    }
    return "no known image format; send JPEG or PNG";
  }

  /**
   * Returns whether the first bytes above 127 were replaced by U+FFFD or by their UTF-8 encoding.
   */
  static boolean isMangled(byte[] data) {
    for (String start : List.of("EFBFBDEFBFBD", "EFBFBD504E47", "C3BFC398C3BF", "C289504E47")) {
      if (MagicBytes.matches(data, 0, start)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether the first segment of a JPEG or PNG is present without the signature: question
   * marks replaced it, or line ends were converted (PNG section 5.2).
   */
  private static boolean isNearlyAnImage(byte[] data) {
    return MagicBytes.indexOf(data, 32, "JFIF\0") >= 0
        || MagicBytes.indexOf(data, 32, "Exif\0") >= 0
        || MagicBytes.indexOf(data, 32, "IHDR") >= 0;
  }

  /** Returns the first characters; empty if the payload is not text. */
  private static String text(byte[] data) {
    int length = Math.min(HEAD, data.length);
    while (length < data.length && length > HEAD - 4 && (data[length] & 0xC0) == 0x80) {
      length--; // do not split a character
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data, 0, length)).toString();
      boolean printable =
          text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\r' || c == '\t');
      return printable ? text.replace("\uFEFF", "") : "";
    } catch (CharacterCodingException e) {
      return "";
    }
  }

  private static String ofText(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("data:")) {
      return "a data URL; send the bytes";
    }
    if (lower.matches("[a-z]+://\\S+")) {
      return "a URL; send the bytes of the image";
    }
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return "HTML; send the bytes of a JPEG or PNG";
    }
    if (lower.startsWith("<")) {
      return lower.contains("<svg") ? "SVG; send JPEG or PNG" : "XML; send JPEG or PNG";
    }
    if (lower.startsWith("{") || lower.startsWith("[")) {
      return "JSON; send the bytes of a JPEG or PNG";
    }
    if (lower.startsWith("b'") || lower.startsWith("b\"")) {
      return "bytes written out as Python text; send the bytes";
    }
    if (lower.matches("(0x)?[0-9a-f\\s:,]{16,}")) {
      return "hexadecimal text; send the bytes";
    }
    if (text.matches("[A-Za-z0-9+/_=\\r\\n-]{32,}")) {
      return "base64 text; send the bytes";
    }
    return "text; send the bytes of a JPEG or PNG";
  }

  /**
   * Returns whether it looks like entropy-coded data: a zero or a restart marker after each 0xFF
   * (ITU-T T.81 B.1.1.5).
   */
  private static boolean isPiece(byte[] data) {
    int stuffed = 0;
    for (int i = 0; i + 1 < data.length; i++) {
      if (data[i] == (byte) 0xFF) {
        int next = data[i + 1] & 0xFF;
        if (next == 0xD9) {
          break;
        }
        if (next != 0 && (next & 0xF8) != 0xD0) {
          return false;
        }
        stuffed++;
      }
    }
    return stuffed >= 4;
  }

  private static Optional<String> raw(byte[] data) {
    for (int bits : new int[] {24, 16, 12, 32, 8}) {
      for (int[] size : SIZES) {
        if (data.length * 8L == (long) size[0] * size[1] * bits) {
          String form = size[0] + " x " + size[1] + " of " + bits + " bits";
          return Optional.of("no image format; perhaps raw pixels, " + form + "; send JPEG or PNG");
        }
      }
    }
    return Optional.empty();
  }
}
