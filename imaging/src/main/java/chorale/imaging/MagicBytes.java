package chorale.imaging;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Comparisons with bytes that identify a format or a segment. */
final class MagicBytes {
  private MagicBytes() {}

  /** Returns whether these bytes start at {@code at} and end before {@code end}. */
  static boolean isAt(byte[] data, int at, int end, byte[] signature) {
    if (at < 0 || at + signature.length > Math.min(end, data.length)) {
      return false;
    }
    for (int i = 0; i < signature.length; i++) {
      if (data[at + i] != signature[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param hex pairs of digits, {@code ..} for any byte
   */
  static boolean matches(byte[] data, int at, String hex) {
    if (at < 0 || at + hex.length() / 2 > data.length) {
      return false;
    }
    for (int i = 0; i < hex.length(); i += 2) {
      String pair = hex.substring(i, i + 2);
      if (!pair.equals("..") && Integer.parseInt(pair, 16) != (data[at + i / 2] & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether this ASCII text starts at {@code at}. */
  static boolean matchesText(byte[] data, int at, String text) {
    return isAt(data, at, data.length, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Returns the index of an ASCII text in the first bytes, ignoring case; -1 if absent. */
  static int indexOf(byte[] data, int within, String text) {
    String head = new String(data, 0, Math.min(within, data.length), StandardCharsets.ISO_8859_1);
    return head.toLowerCase(Locale.ROOT).indexOf(text.toLowerCase(Locale.ROOT));
  }
}
