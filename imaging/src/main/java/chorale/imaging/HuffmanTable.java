package chorale.imaging;

import java.util.Arrays;

/**
 * A Huffman table of a JPEG, arranged for skipping over coefficients. A lookup by the next {@value
 * #PEEK} bits finds short codes; longer codes are found by their length.
 *
 * <p>A lookup returns an entry: a number with the fields {@link #bits}, {@link #size} and {@link
 * #advance}. Immutable except {@link #runs}, which is computed on first use. Thread-safe. Source:
 * ITU-T T.81 annex C, F.2.2.3, G.1.2.2.
 */
final class HuffmanTable {
  /** The entry of a nonexistent code: its size is above every limit. */
  static final int NONE = 15 << 6 | 15;

  /** The advance of "end of block", larger than any run of coefficients. */
  static final int END = 128;

  /**
   * The advance of EOBn, which ends {@code 2^n} or more blocks, is this plus n (T.81 table G.1).
   */
  static final int END_RUN = 192;

  private static final int PEEK = 10;

  /** Moves the highest {@value #PEEK} of 64 bits to the lowest. */
  static final int PEEK_SHIFT = Long.SIZE - PEEK;

  /** A table without codes, for scans that use none. */
  static final HuffmanTable EMPTY = new HuffmanTable(new byte[0]);

  private static final int MAX_LENGTH = 16;
  private static final int MAX_SYMBOLS = 256;

  private final int[] lookup = new int[1 << PEEK];

  // by code length: first code, number of codes, offset of their symbols
  private final int[] first = new int[MAX_LENGTH + 1];
  private final int[] count = new int[MAX_LENGTH + 1];
  private final int[] offset = new int[MAX_LENGTH + 1];
  private final byte[] data;

  /** See {@link #runs}; computed on first use. */
  private volatile int[] runs;

  private HuffmanTable(byte[] data) {
    this.data = data;
    Arrays.fill(lookup, NONE);
  }

  /**
   * @param kind 0 for DC, whose symbols are only sizes; 1 for AC
   * @param data 16 counts, then the symbols; not copied
   * @throws ImageRejectedException if the counts do not form a prefix code, or a symbol is
   *     impossible
   */
  static HuffmanTable of(int kind, byte[] data) throws ImageRejectedException {
    requireSymbols(kind, data);
    HuffmanTable table = new HuffmanTable(data);
    int code = 0;
    int symbols = MAX_LENGTH;
    for (int length = 1; length <= MAX_LENGTH; length++) {
      int codes = data[length - 1] & 0xFF;
      // A code of only ones is not allowed (T.81 C.2).
      if (codes > 0 && code + codes >= 1 << length) {
        throw ImageRejectedException.bad("a JPEG whose Huffman table is broken");
      }
      table.first[length] = code;
      table.count[length] = codes;
      table.offset[length] = symbols;
      if (length <= PEEK) {
        table.fill(length, code, codes, symbols);
      }
      symbols += codes;
      code = (code + codes) << 1;
    }
    return table;
  }

  /** Checks that there are at most 256 symbols, and that DC symbols are at most 15. */
  private static void requireSymbols(int kind, byte[] data) throws ImageRejectedException {
    boolean possible = data.length <= MAX_LENGTH + MAX_SYMBOLS;
    for (int i = MAX_LENGTH; i < data.length; i++) {
      possible &= kind == 1 || (data[i] & 0xF0) == 0;
    }
    if (!possible) {
      throw ImageRejectedException.bad("a JPEG whose Huffman table is broken");
    }
  }

  /**
   * Returns the length of a table's counts and symbols within its segment.
   *
   * @param at start of the counts
   * @throws ImageRejectedException if the table does not end before {@code end}
   */
  static int length(byte[] data, int at, int end) throws ImageRejectedException {
    int length = MAX_LENGTH;
    for (int i = at; i < Math.min(at + MAX_LENGTH, end); i++) {
      length += data[i] & 0xFF;
    }
    if (at + length > end) {
      throw ImageRejectedException.bad("a JPEG whose Huffman table is too short");
    }
    return length;
  }

  /** Returns whether the table has these counts and symbols. */
  boolean isOf(byte[] other, int at, int length) {
    return Arrays.equals(data, 0, data.length, other, at, at + length);
  }

  private void fill(int length, int code, int codes, int symbols) {
    int share = 1 << (PEEK - length);
    int to = code * share;
    for (int i = 0; i < codes; i++) {
      Arrays.fill(lookup, to, to + share, entry(length, data[symbols + i] & 0xFF));
      to += share;
    }
  }

  /**
   * @param bits the next bits, starting at the highest
   * @return an entry; {@link #NONE} if there is no such code
   */
  int code(long bits) {
    int entry = lookup[(int) (bits >>> PEEK_SHIFT)];
    return entry == NONE ? longCode(bits) : entry;
  }

  private int longCode(long bits) {
    for (int length = PEEK + 1; length <= MAX_LENGTH; length++) {
      int index = (int) (bits >>> (Long.SIZE - length)) - first[length];
      if (index < count[length]) {
        return entry(length, data[offset[length] + index] & 0xFF);
      }
    }
    return NONE;
  }

  /**
   * Returns a lookup table by the next {@value #PEEK} bits. An entry can cover several codes of
   * small values: its bits and its advance are sums, its size is 0. This halves the number of
   * lookups. The caller must not change the array.
   */
  int[] runs() {
    int[] known = runs;
    if (known == null) {
      known = new int[1 << PEEK];
      for (int i = 0; i < known.length; i++) {
        known[i] = merged(i);
      }
      runs = known;
    }
    return known;
  }

  private int merged(int peeked) {
    int entry = lookup[peeked];
    while (isSmall(entry) && advance(entry) < END) {
      int next = lookup[(peeked << bits(entry)) & (lookup.length - 1)];
      if (!isSmall(next) || bits(entry) + bits(next) > PEEK) {
        break;
      }
      entry = (bits(entry) + bits(next)) | ((advance(entry) + 1 + advance(next)) << 10);
    }
    return entry;
  }

  /**
   * Returns whether the value is at most 3, which no limit excludes, or the code is "end of block".
   */
  private static boolean isSmall(int entry) {
    return size(entry) <= 2 && advance(entry) <= END;
  }

  private static int entry(int length, int symbol) {
    int run = symbol >> 4;
    int size = symbol & 0xF;
    int advance = size > 0 || run == 15 ? run : run == 0 ? END : END_RUN + run;
    return (length + size) | (size << 6) | (advance << 10);
  }

  /** Returns the number of bits of the code and the value after it: 1 to 31. */
  static int bits(int entry) {
    return entry & 0x3F;
  }

  /**
   * Returns the number of bits of the value after the code: 0 to 15. Its magnitude is at least
   * {@code 2^(size-1)}.
   */
  static int size(int entry) {
    return (entry >> 6) & 0xF;
  }

  /**
   * Returns the run of zero coefficients before the next nonzero one, or {@link #END} or {@link
   * #END_RUN}.
   */
  static int advance(int entry) {
    return entry >> 10;
  }
}
