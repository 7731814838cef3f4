package chorale.imaging;

import chorale.protocol.Bytes;

/**
 * What the segments of a JPEG file say before any pixel is decoded: its components, its scans and
 * how it has to be turned. The parser trusts nothing: every read is inside the array, every loop
 * moves on, and what cannot be understood is left at its default. Immutable.
 *
 * <p>Sources: ITU-T T.81 annex B (markers), Exif 2.3 section 4.5 (APP1) and 4.6.4 (orientation).
 *
 * @param components of the frame header: 1 gray, 3 colour, 4 CMYK; 0 where there is none
 * @param lumaChroma whether the three components are surely luma and chroma: they are numbered 1,
 *     2, 3 and no Adobe segment says otherwise
 * @param scans start-of-scan markers behind the frame header
 * @param orientation 1 to 8 as in Exif; 1 where it is absent or makes no sense
 */
record JpegHeader(int components, boolean lumaChroma, int scans, int orientation) {
  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;
  private static final int ORIENTATION_TAG = 0x0112;
  private static final int SHORT_TYPE = 3;
  private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
  private static final byte[] ADOBE = {'A', 'd', 'o', 'b', 'e'};

  static JpegHeader parse(Bytes image) {
    byte[] data = image.sharedArray();
    int components = 0;
    boolean numbered = false;
    boolean adobe = false;
    int orientation = 1;
    int at = 2;
    while (at + 4 <= data.length && (data[at] & 0xFF) == 0xFF) {
      int marker = data[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++; // fill byte
        continue;
      }
      if (marker == START_OF_SCAN || marker == END_OF_IMAGE) {
        break;
      }
      int length = u16(data, at + 2, false);
      int end = at + 2 + length;
      if (length < 2 || end > data.length) {
        break;
      }
      if (marker == APP1 && orientation == 1) {
        orientation = exifOrientation(data, at + 4, end);
      } else if (isFrameHeader(marker) && length >= 8) {
        components = data[at + 9] & 0xFF;
        numbered = components == 3 && length >= 17 && areNumbered(data, at + 10);
      } else if (marker == APP14) {
        adobe |= end - at >= 4 + ADOBE.length && startsWith(data, at + 4, ADOBE);
      }
      at = end;
    }
    return new JpegHeader(components, numbered && !adobe, scans(data, at), orientation);
  }

  private static boolean areNumbered(byte[] data, int at) {
    return data[at] == 1 && data[at + 3] == 2 && data[at + 6] == 3;
  }

  /** SOF0 to SOF15 but DHT, JPG and DAC, which lie between them. */
  private static boolean isFrameHeader(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /** In coded data 0xFF is always followed by 0 or a restart marker, so this counts real scans. */
  private static int scans(byte[] data, int from) {
    int scans = 0;
    for (int i = from; i + 1 < data.length; i++) {
      if (data[i] == (byte) 0xFF && (data[i + 1] & 0xFF) == START_OF_SCAN) {
        scans++;
      }
    }
    return scans;
  }

  private static int exifOrientation(byte[] data, int from, int end) {
    int tiff = from + EXIF.length;
    if (tiff + 8 > end || !startsWith(data, from, EXIF)) {
      return 1;
    }
    boolean little = data[tiff] == 'I' && data[tiff + 1] == 'I';
    boolean big = data[tiff] == 'M' && data[tiff + 1] == 'M';
    if (!(little || big) || u16(data, tiff + 2, little) != 42) {
      return 1;
    }
    long directory = tiff + u32(data, tiff + 4, little);
    if (directory + 2 > end) {
      return 1;
    }
    int entries = u16(data, (int) directory, little);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > end) {
        return 1;
      }
      int start = (int) entry;
      if (u16(data, start, little) == ORIENTATION_TAG) {
        int value = u16(data, start + 8, little);
        boolean sane = u16(data, start + 2, little) == SHORT_TYPE && value >= 1 && value <= 8;
        return sane ? value : 1;
      }
    }
    return 1;
  }

  private static boolean startsWith(byte[] data, int from, byte[] prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if (data[from + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static int u16(byte[] data, int at, boolean little) {
    int first = data[at] & 0xFF;
    int second = data[at + 1] & 0xFF;
    return little ? second << 8 | first : first << 8 | second;
  }

  private static long u32(byte[] data, int at, boolean little) {
    long first = u16(data, at, little);
    long second = u16(data, at + 2, little);
    return little ? second << 16 | first : first << 16 | second;
  }
}
