package chorale.imaging;

import chorale.protocol.Bytes;
import java.util.Arrays;

/**
 * Detection of an image's end mark: EOI of a JPEG, IEND of a PNG. A file that is still being
 * written has none, even if its writer pauses. Bytes after the mark and thumbnails in the header
 * are ignored. Stateless.
 */
public final class ImageEnd {
  private static final byte[] IEND = {'I', 'E', 'N', 'D'};
  private static final int PNG_SIGNATURE = 8;

  /** Length, type and CRC (PNG, third edition, section 5.3). */
  private static final int CHUNK_FRAME = 12;

  private ImageEnd() {}

  /** Returns whether the mark is present; false if the data is neither a JPEG nor a PNG. */
  public static boolean isReached(Bytes image) {
    byte[] data = image.sharedArray();
    try {
      ImageFormat.Found found = ImageFormat.find(data);
      return found.format() == ImageFormat.JPEG
          ? hasEoi(data, found.at())
          : hasIend(data, found.at());
    } catch (ImageRejectedException e) {
      return false;
    }
  }

  private static boolean hasEoi(byte[] data, int start) {
    int at = Marker.next(data, start + 2);
    while (at < data.length && (data[at] & 0xFF) != Marker.EOI) {
      boolean alone = Marker.isAlone(data[at] & 0xFF);
      if (!alone && at + 2 >= data.length) {
        return false;
      }
      at = Marker.next(data, alone ? at + 1 : at + 1 + Math.max(2, Marker.u16(data, at + 1)));
    }
    return at < data.length;
  }

  private static boolean hasIend(byte[] data, int start) {
    long at = (long) start + PNG_SIGNATURE;
    while (at + CHUNK_FRAME <= data.length) {
      int type = (int) at + 4;
      if (Arrays.equals(data, type, type + IEND.length, IEND, 0, IEND.length)) {
        return true;
      }
      long length = ((long) Marker.u16(data, (int) at) << 16) | Marker.u16(data, (int) at + 2);
      at += CHUNK_FRAME + length;
    }
    return false;
  }
}
