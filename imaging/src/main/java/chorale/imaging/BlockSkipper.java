package chorale.imaging;

/**
 * A reader of one block's coefficients that checks the codes and computes no values. One subclass
 * for each kind of scan. Owned by one {@link JpegScan}.
 */
abstract class BlockSkipper {
  /** The largest category of a difference with 8-bit samples (T.81 table F.1). */
  private static final int MAX_SIZE = 11;

  final EntropyReader reader;

  BlockSkipper(EntropyReader reader) {
    this.reader = reader;
  }

  static BlockSkipper of(ScanHeader header, boolean progressive, EntropyReader reader) {
    if (!progressive) {
      return new SequentialSkipper(reader);
    }
    return header.first() == 0
        ? new ProgressiveDcSkipper(reader, header)
        : new ProgressiveAcSkipper(reader, header);
  }

  /**
   * @param block index of the block, for {@link ScanComponent#nonZero}
   * @return false if a code or coefficient is impossible with 8-bit samples
   */
  abstract boolean skip(ScanComponent component, int block);

  /** Resets the state at the start of a restart interval. */
  void restart() {}

  /** Returns whether a scan or a restart interval may end here. */
  boolean mayEnd() {
    return true;
  }

  /** Reads a DC coefficient, coded as the difference from its predictor (T.81 F.2.2.1). */
  final boolean skipDc(ScanComponent component) {
    int entry = reader.code(component.dcTable);
    int size = HuffmanTable.size(entry);
    if (entry == HuffmanTable.NONE) {
      return false;
    }
    // EXTEND (T.81 figure F.12) without a branch: a value with first bit 0 is negative.
    int value = reader.value(size);
    int half = 1 << size >> 1;
    component.predictor += value + (((value - half) >> 31) & (1 - (1 << size)));
    return size <= MAX_SIZE && Math.abs(component.predictor) <= component.maxDc;
  }
}
