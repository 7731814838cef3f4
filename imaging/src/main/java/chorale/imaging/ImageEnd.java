package chorale.imaging;

import chorale.protocol.Bytes;
import java.util.Arrays;

/**
 * The end mark of an image: EOI of a JPEG, IEND of a PNG. A file that is still being written has
 * none, however long its writer pauses. Bytes after the mark do not matter, and neither do the
 * marks of a thumbnail in the header. Stateless.
 */
public final class ImageEnd {
  private static final byte[] IEND = {'I', 'E', 'N', 'D'};
  private static final int PNG_SIGNATURE = 8;

  /** Length, type and CRC (PNG, third edition, section 5.3). */
  private static final int CHUNK_FRAME = 12;

  private ImageEnd() {}

  /** Whether the mark is there; false for what is neither a JPEG nor a PNG. */
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
