package chorale.imaging;

/**
 * The quantization tables, Huffman tables and restart interval for the next scan. Later segments
 * replace them. Owned by one {@link JpegParser}. Source: ITU-T T.81 B.2.4.
 */
final class JpegTables {
  private static final int TABLES = 4;
  private static final int STEPS = 64;

  private final int[][] quantization = new int[TABLES][];

  /** By class, 0 for DC and 1 for AC, and by number. */
  private final HuffmanTable[][] huffman = new HuffmanTable[2][TABLES];

  private final HuffmanCache cache;
  private int restartInterval;

  JpegTables(HuffmanCache cache) {
    this.cache = cache;
  }

  /** Reads the content of a DQT segment. */
  void readQuantization(byte[] data, int from, int end) throws ImageRejectedException {
    int at = from;
    while (at < end) {
      int kind = data[at] & 0xFF;
      int bytes = (kind >> 4) + 1;
      at++;
      if (bytes > 2 || (kind & 0xF) >= TABLES || at + STEPS * bytes > end) {
        throw ImageRejectedException.bad("a JPEG whose quantization table is broken");
      }
      int[] steps = new int[STEPS];
      for (int i = 0; i < STEPS; i++) {
        steps[i] = bytes == 1 ? data[at + i] & 0xFF : Marker.u16(data, at + 2 * i);
      }
      quantization[kind & 0xF] = steps;
      at += STEPS * bytes;
    }
  }

  /** Reads the content of a DHT segment. */
  void readHuffman(byte[] data, int from, int end) throws ImageRejectedException {
    int at = from;
    while (at < end) {
      int kind = data[at] >> 4;
      int number = data[at] & 0xF;
      if ((kind & ~1) != 0 || number >= TABLES) {
        throw ImageRejectedException.bad("a JPEG whose Huffman table is broken");
      }
      int length = HuffmanTable.length(data, at + 1, end);
      huffman[kind][number] = cache.table(kind, number, data, at + 1, length);
      at += 1 + length;
    }
  }

  /** Reads the content of a DRI segment. */
  void readRestartInterval(byte[] data, int from, int end) throws ImageRejectedException {
    if (end - from != 2) {
      throw ImageRejectedException.bad("a JPEG whose restart interval is broken");
    }
    restartInterval = Marker.u16(data, from);
  }

  /** Returns the number of MCUs between two restart markers; 0 for none. */
  int restartInterval() {
    return restartInterval;
  }

  boolean hasHuffman(int kind, int number) {
    return huffman[kind][number] != null;
  }

  /**
   * @throws ImageRejectedException {@code BAD_IMAGE} if there is no table with this number
   */
  HuffmanTable huffman(int kind, int number) throws ImageRejectedException {
    if (huffman[kind][number] == null) {
      throw ImageRejectedException.bad("a JPEG without a Huffman table that its scan names");
    }
    return huffman[kind][number];
  }

  /**
   * @param shift low bits that later scans carry
   * @throws ImageRejectedException {@code BAD_IMAGE} if there is no table with this number
   */
  CoefficientLimits limits(int number, int shift) throws ImageRejectedException {
    if (quantization[number] == null) {
      throw ImageRejectedException.bad("a JPEG without a quantization table that it names");
    }
    return new CoefficientLimits(quantization[number], shift);
  }
}
