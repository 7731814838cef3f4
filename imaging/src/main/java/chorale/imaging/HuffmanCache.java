package chorale.imaging;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A cache of the latest Huffman tables, because a camera sends the same tables with every frame.
 * Thread-safe.
 */
final class HuffmanCache {
  private static final int NUMBERS = 4;

  private final AtomicReferenceArray<HuffmanTable> last = new AtomicReferenceArray<>(2 * NUMBERS);

  /**
   * Returns the table with these counts and symbols.
   *
   * @param kind 0 for DC, 1 for AC
   * @param number 0 to 3
   * @throws ImageRejectedException {@code BAD_IMAGE}
   */
  HuffmanTable table(int kind, int number, byte[] data, int at, int length)
      throws ImageRejectedException {
    int slot = kind * NUMBERS + number;
    HuffmanTable known = last.get(slot);
    if (known == null || !known.isOf(data, at, length)) {
      known = HuffmanTable.of(kind, Arrays.copyOfRange(data, at, at + length));
      last.set(slot, known);
    }
    return known;
  }
}
