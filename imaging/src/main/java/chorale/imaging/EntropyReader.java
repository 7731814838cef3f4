package chorale.imaging;

/**
 * A bit reader over the entropy-coded data of a JPEG. It removes the zero byte after 0xFF and stops
 * at any marker; after the end it returns zero bits, which {@link #isPastEnd} reports. Owned by one
 * {@link JpegScan}. Source: ITU-T T.81 B.1.1.5, F.2.2.
 */
final class EntropyReader {
  /**
   * The most bytes that may follow the last block: encoders of webcams write words of up to 8
   * bytes.
   */
  private static final int MAX_SURPLUS = 7;

  private static final int PEEK_MASK = (1 << HuffmanTable.PEEK) - 1;

  private final byte[] data;

  /** The next byte to load. */
  private int at;

  /** Its lowest {@link #count} bits are loaded and unread. */
  private long buffer;

  private int count;

  /** Zero bits appended after the end. */
  private int padding;

  EntropyReader(byte[] data) {
    this.data = data;
  }

  /** Moves to this byte and discards what is loaded. */
  void seek(int position) {
    at = position;
    count = 0;
    padding = 0;
  }

  /** Index where the data ends: of the next marker, or the end of the array. */
  int end() {
    int end = at;
    while (end < data.length && !isMarker(end)) {
      end += data[end] == (byte) 0xFF ? 2 : 1;
    }
    return Math.min(end, data.length);
  }

  /** Index after the last byte that was read, wholly or in part. */
  int position() {
    int position = at;
    for (int unread = (count - padding) / 8; unread > 0; unread--) {
      boolean stuffed = data[position - 1] == 0 && data[position - 2] == (byte) 0xFF;
      position -= stuffed ? 2 : 1;
    }
    return position;
  }

  /** Whether more bits were read than there are. */
  boolean isPastEnd() {
    return count < padding;
  }

  /** Whether the data ends here or within the next code. */
  boolean isAtEnd() {
    return padding > 0 && count - padding < 16;
  }

  /**
   * Whether the rest up to {@code end} is padding: up to seven equal bits (T.81 F.1.2.3 requires
   * ones; some cameras write zeros), then a few bytes of any value or more of zero.
   *
   * @param zeroBytes whether any number of zero bytes is allowed
   */
  boolean isFinished(int end, boolean zeroBytes) {
    int left = count - padding;
    int bits = left & 7;
    long value = (buffer >>> (count - bits)) & ((1L << bits) - 1);
    boolean padded = value == 0 || value == (1L << bits) - 1;
    return padded && (end - position() <= MAX_SURPLUS || (zeroBytes && areZeros(end)));
  }

  private boolean areZeros(int end) {
    for (int i = position(); i < end; i++) {
      if (data[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Reads up to 16 bits. */
  int take(int bits) {
    if (count < bits) {
      load();
    }
    count -= bits;
    return (int) (buffer >>> count) & ((1 << bits) - 1);
  }

  /** Reads the value that follows a code; its bits are loaded already. */
  int value(int bits) {
    count -= bits;
    return (int) (buffer >>> count) & ((1 << bits) - 1);
  }

  /** Reads a code, without the value that follows; {@link HuffmanTable#NONE} if there is none. */
  int code(HuffmanTable table) {
    if (count < 32) {
      load();
    }
    int entry = table.code((int) (buffer >>> (count - 16)) & 0xFFFF);
    count -= HuffmanTable.bits(entry) - HuffmanTable.size(entry);
    return entry;
  }

  /**
   * Reads over the AC coefficients of one block.
   *
   * @param runs the table's {@link HuffmanTable#runs}
   * @param limits {@link CoefficientLimits#maxSizes}
   * @return whether all codes exist, all coefficients are within their limits, and the block does
   *     not consist of zero bits up to its last coefficient
   */
  boolean skipCoefficients(HuffmanTable table, int[] runs, byte[] limits) {
    long bits = buffer;
    int left = count;
    int index = 1;
    do {
      if (left < 32) {
        count = left;
        load();
        bits = buffer;
        left = count;
      }
      int entry = runs[(int) (bits >>> (left - HuffmanTable.PEEK)) & PEEK_MASK];
      int at = index + HuffmanTable.advance(entry);
      if (HuffmanTable.size(entry) > limits[at]) {
        // A long code; or merged codes of which the first one ends the block; or damage.
        entry = table.code((int) (bits >>> (left - 16)) & 0xFFFF);
        at = index + HuffmanTable.advance(entry);
        if (entry == HuffmanTable.NONE || HuffmanTable.size(entry) > limits[at]) {
          return false;
        }
      }
      left -= HuffmanTable.bits(entry);
      index = at + 1;
    } while (index < 64);
    count = left;
    // Zero bits up to the last coefficient: a part of the buffer that was never filled.
    return index > 64 || bits != 0;
  }

  /** Loads 32 bits or more. */
  private void load() {
    int i = at;
    if (i + 4 <= data.length) {
      int word =
          (data[i] << 24)
              | ((data[i + 1] & 0xFF) << 16)
              | ((data[i + 2] & 0xFF) << 8)
              | (data[i + 3] & 0xFF);
      // Whether a byte is 0xFF: a byte of the complement is zero.
      int inverse = ~word;
      if (((inverse - 0x01010101) & word & 0x80808080) == 0) {
        buffer = (buffer << 32) | (word & 0xFFFFFFFFL);
        count += 32;
        at = i + 4;
        return;
      }
    }
    loadBytes();
  }

  private void loadBytes() {
    while (count <= 48) {
      int next = 0;
      if (at < data.length && !isMarker(at)) {
        next = data[at] & 0xFF;
        at += next == 0xFF ? 2 : 1;
      } else {
        padding += 8;
      }
      buffer = (buffer << 8) | next;
      count += 8;
    }
  }

  /** Whether 0xFF is there without a zero byte after it. */
  private boolean isMarker(int position) {
    return data[position] == (byte) 0xFF
        && (position + 1 == data.length || data[position + 1] != 0);
  }
}
