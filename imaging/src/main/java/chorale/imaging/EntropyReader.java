package chorale.imaging;

/**
 * A bit reader over the entropy-coded data of a JPEG. It removes the zero byte after 0xFF and stops
 * at any marker. After the end it returns zero bits, and {@link #isPastEnd} is true. Owned by one
 * {@link JpegScan}. Source: ITU-T T.81 B.1.1.5, F.2.2.
 */
final class EntropyReader {
  /**
   * The most bytes that may follow the last block: webcam encoders write words of up to 8 bytes.
   */
  private static final int MAX_SURPLUS = 7;

  private final byte[] data;

  /** The next byte to load. */
  private int at;

  /** The highest {@link #count} bits are loaded and unread; the others are zero. */
  private long buffer;

  private int count;

  /** Number of zero bits appended after the end. */
  private int padding;

  EntropyReader(byte[] data) {
    this.data = data;
  }

  /** Moves to a byte and discards the loaded bits. */
  void seek(int position) {
    at = position;
    buffer = 0;
    count = 0;
    padding = 0;
  }

  /** Returns the index of the next marker, or the end of the array. */
  int end() {
    int end = at;
    while (end < data.length && !isMarker(end)) {
      end += data[end] == (byte) 0xFF ? 2 : 1;
    }
    return Math.min(end, data.length);
  }

  /** Returns the index after the last byte that was read, wholly or in part. */
  int position() {
    int position = at;
    for (int unread = (count - padding) / 8; unread > 0; unread--) {
      boolean stuffed = data[position - 1] == 0 && data[position - 2] == (byte) 0xFF;
      position -= stuffed ? 2 : 1;
    }
    return position;
  }

  /** Returns whether more bits were read than the data contains. */
  boolean isPastEnd() {
    return count < padding;
  }

  /** Returns whether the data ends here or within the next code. */
  boolean isAtEnd() {
    return padding > 0 && count - padding < 16;
  }

  /**
   * Returns whether the rest up to {@code end} is padding: up to 7 equal bits (T.81 F.1.2.3
   * requires ones; some cameras write zeros), then a few bytes of any value, or zero bytes.
   *
   * @param zeroBytes whether any number of zero bytes is allowed
   */
  boolean isFinished(int end, boolean zeroBytes) {
    int left = count - padding;
    int bits = left & 7;
    int value = first(bits);
    boolean padded = value == 0 || value == (1 << bits) - 1;
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
    return value(bits);
  }

  /** Reads the value after a code; its bits are already loaded. */
  int value(int bits) {
    int value = first(bits);
    skip(bits);
    return value;
  }

  /** Reads a code without the value after it; {@link HuffmanTable#NONE} if it does not exist. */
  int code(HuffmanTable table) {
    if (count < 32) {
      load();
    }
    int entry = table.code(buffer);
    skip(HuffmanTable.bits(entry) - HuffmanTable.size(entry));
    return entry;
  }

  /**
   * Reads the AC coefficients of one block without decoding them.
   *
   * @return whether all codes exist, all coefficients are within their limits, and no unwritten
   *     zeros follow the block
   */
  boolean skipCoefficients(ScanComponent component) {
    int[] runs = component.acRuns;
    byte[] limits = component.maxSizes;
    long bits = buffer;
    int left = count;
    int index = 1;
    do {
      if (left < 32) {
        buffer = bits;
        count = left;
        load();
        bits = buffer;
        left = count;
      }
      int entry = runs[(int) (bits >>> HuffmanTable.PEEK_SHIFT)];
      int last = index + HuffmanTable.advance(entry);
      if (HuffmanTable.size(entry) > limits[last]) {
        // A long code, merged codes of which the first ends the block, or damage.
        entry = component.acTable.code(bits);
        last = index + HuffmanTable.advance(entry);
        if (HuffmanTable.size(entry) > limits[last]) {
          return false;
        }
      }
      bits <<= entry; // Java shifts by the lowest 6 bits, which are the length
      left -= HuffmanTable.bits(entry);
      index = last + 1;
    } while (index < 64);
    buffer = bits;
    count = left;
    return index > 64 || !isZeroFilled();
  }

  /** Returns whether at least 32 zero bits follow: a part of the buffer that was never written. */
  private boolean isZeroFilled() {
    if (count < 32) {
      load();
    }
    return buffer == 0 && padding == 0;
  }

  private int first(int bits) {
    return (int) (buffer >>> 1 >>> (63 - bits));
  }

  private void skip(int bits) {
    buffer <<= bits;
    count -= bits;
  }

  /** Loads at least 32 bits; fewer than 32 are loaded now. */
  private void load() {
    int i = at;
    if (i + 4 <= data.length) {
      int word =
          (data[i] << 24)
              | ((data[i + 1] & 0xFF) << 16)
              | ((data[i + 2] & 0xFF) << 8)
              | (data[i + 3] & 0xFF);
      // Whether a byte is 0xFF, that is, whether a byte of the complement is zero.
      int inverse = ~word;
      if (((inverse - 0x01010101) & word & 0x80808080) == 0) {
        buffer |= (word & 0xFFFFFFFFL) << (32 - count);
        count += 32;
        at = i + 4;
        return;
      }
    }
    loadBytes();
  }

  private void loadBytes() {
    while (count <= 56) {
      long next = 0;
      if (at < data.length && !isMarker(at)) {
        next = data[at] & 0xFF;
        at += next == 0xFF ? 2 : 1;
      } else {
        padding += 8;
      }
      buffer |= next << (56 - count);
      count += 8;
    }
  }

  /** Returns whether 0xFF is here without a zero byte after it. */
  private boolean isMarker(int position) {
    return data[position] == (byte) 0xFF
        && (position + 1 == data.length || data[position + 1] != 0);
  }
}
