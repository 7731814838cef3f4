package chorale.imaging;

/**
 * The Exif orientation: how to rotate and mirror an image upright. An invalid value counts as
 * absent. Sources: Exif 2.32 sections 4.5.2 (TIFF structure) and 4.6.4 (tag 0x0112, a SHORT; some
 * writers store a BYTE or a LONG).
 */
final class ExifOrientation {
  /** Upright as stored. */
  static final int UPRIGHT = 1;

  private static final int TAG = 0x0112;
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int ENTRY_BYTES = 12;
  private static final byte[] PREFIX = {'E', 'x', 'i', 'f', 0, 0};

  private final byte[] data;
  private final int end;
  private final boolean little;

  private ExifOrientation(byte[] data, int end, boolean little) {
    this.data = data;
    this.end = end;
    this.little = little;
  }

  /**
   * @param from start of the content of an APP1 segment or eXIf chunk, with or without the prefix
   *     "Exif"
   * @return 1 to 8; {@link #UPRIGHT} by default
   */
  static int of(byte[] data, int from, int end) {
    int tiff = MagicBytes.isAt(data, from, end, PREFIX) ? from + PREFIX.length : from;
    if (tiff + 8 > end || data[tiff] != data[tiff + 1]) {
      return UPRIGHT;
    }
    boolean little = data[tiff] == 'I';
    ExifOrientation exif = new ExifOrientation(data, end, little);
    if ((!little && data[tiff] != 'M') || exif.u16(tiff + 2) != 42) {
      return UPRIGHT;
    }
    return exif.inDirectory(tiff + exif.u32(tiff + 4));
  }

  private int inDirectory(long directory) {
    if (directory + 2 > end) {
      return UPRIGHT;
    }
    int entries = u16((int) directory);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) ENTRY_BYTES * i;
      if (entry + ENTRY_BYTES > end) {
        return UPRIGHT;
      }
      if (u16((int) entry) == TAG) {
        return value((int) entry);
      }
    }
    return UPRIGHT;
  }

  private int value(int entry) {
    int type = u16(entry + 2);
    long value =
        switch (type) {
          case BYTE -> data[entry + 8];
          case SHORT -> u16(entry + 8);
          case LONG -> u32(entry + 8);
          default -> 0;
        };
    return value >= 1 && value <= 8 ? (int) value : UPRIGHT;
  }

  private int u16(int at) {
    int first = data[at] & 0xFF;
    int second = data[at + 1] & 0xFF;
    return little ? (second << 8) | first : (first << 8) | second;
  }

  private long u32(int at) {
    long first = u16(at);
    long second = u16(at + 2);
    return little ? (second << 16) | first : (first << 16) | second;
  }
}
