package chorale.imaging;

/**
 * A skipper for progressive AC scans (ITU-T T.81 G.1.2.2, G.1.2.3). The first scan contains the
 * high bits of a band of coefficients, each refinement scan one more bit. The length of a
 * refinement depends on which coefficients are already nonzero, so each block keeps 64 bits of
 * history.
 */
final class ProgressiveAcSkipper extends BlockSkipper {
  private final boolean refining;
  private final int first;
  private final int last;

  /** EOBRUN: the number of following blocks without a code. */
  private int endRun;

  ProgressiveAcSkipper(EntropyReader reader, ScanHeader header) {
    super(reader);
    this.refining = header.high() > 0;
    this.first = header.first();
    this.last = header.last();
  }

  @Override
  void restart() {
    endRun = 0;
  }

  @Override
  boolean mayEnd() {
    return endRun == 0;
  }

  @Override
  boolean skip(ScanComponent component, int block) {
    return refining ? refine(component, block) : begin(component, block);
  }

  private boolean begin(ScanComponent component, int block) {
    if (endRun > 0) {
      endRun--;
      return true;
    }
    byte[] maxSizes = component.maxSizes;
    for (int index = first; index <= last; index++) {
      int entry = reader.code(component.acTable);
      int advance = HuffmanTable.advance(entry);
      if (entry == HuffmanTable.NONE) {
        return false;
      }
      if (advance >= HuffmanTable.END) {
        beginRun(advance);
        return true;
      }
      index += advance;
      int size = HuffmanTable.size(entry);
      if (index > last || size > maxSizes[index]) {
        return false;
      }
      reader.take(size);
      component.nonZero[block] |= size > 0 ? 1L << index : 0;
    }
    return true;
  }

  /** Reads the length of an end-of-band run, without this block (T.81 table G.1). */
  private void beginRun(int advance) {
    int bits = advance == HuffmanTable.END ? 0 : advance - HuffmanTable.END_RUN;
    endRun = (1 << bits) + reader.take(bits) - 1;
  }

  private boolean refine(ScanComponent component, int block) {
    long known = component.nonZero[block];
    int index = first;
    while (endRun == 0 && index <= last) {
      int entry = reader.code(component.acTable);
      int advance = HuffmanTable.advance(entry);
      if (entry == HuffmanTable.NONE || HuffmanTable.size(entry) > 1) {
        return false;
      }
      if (advance >= HuffmanTable.END) {
        beginRun(advance);
        endRun++; // this block too
        break;
      }
      int size = HuffmanTable.size(entry);
      reader.take(size);
      int target = target(known, index, advance);
      if (target > last) {
        return false;
      }
      takeCorrections(known, index, target);
      component.nonZero[block] |= (long) size << target;
      index = target + 1;
    }
    if (endRun > 0) {
      takeCorrections(known, index, last);
      endRun--;
    }
    return true;
  }

  /** Skips this many zero coefficients, and returns the index of the next one. */
  private static int target(long known, int from, int zeros) {
    long open = ~known & (-1L << from);
    for (int i = 0; i < zeros; i++) {
      open &= open - 1;
    }
    return Long.numberOfTrailingZeros(open);
  }

  /** Reads one correction bit for each nonzero coefficient of this inclusive range. */
  private void takeCorrections(long known, int from, int to) {
    long band = known & (-1L << from) & (-1L >>> (63 - to));
    for (int bits = Long.bitCount(band); bits > 0; bits -= 16) {
      reader.take(Math.min(16, bits));
    }
  }
}
