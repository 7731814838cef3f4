package chorale.imaging;

/**
 * A component during one scan: its tables, limits and decoding state. The fields have no accessors
 * because they are read for each block. Owned by one {@link JpegScan}.
 */
final class ScanComponent {
  final JpegFrame.Component component;

  /** Blocks across and down in an MCU, and blocks across in the whole image including padding. */
  final int across;

  final int down;
  final int blocksAcross;
  final HuffmanTable dcTable;
  final HuffmanTable acTable;

  /** See {@link HuffmanTable#runs}; empty for progressive images. */
  final int[] acRuns;

  /** See {@link CoefficientLimits}. */
  final int maxDc;

  final byte[] maxSizes;

  /** See {@link CoefficientProgress#nonZero}. */
  final long[] nonZero;

  /** The DC coefficient of the previous block (T.81 F.1.1.5.1). */
  int predictor;

  ScanComponent(
      JpegFrame frame,
      JpegFrame.Component component,
      HuffmanTable dcTable,
      HuffmanTable acTable,
      CoefficientLimits limits,
      long[] nonZero) {
    this.component = component;
    this.across = component.across();
    this.down = component.down();
    this.blocksAcross = frame.mcusAcross() * across;
    this.dcTable = dcTable;
    this.acTable = acTable;
    this.acRuns = nonZero.length > 0 ? new int[0] : acTable.runs();
    this.maxDc = limits.maxDc();
    this.maxSizes = limits.maxSizes();
    this.nonZero = nonZero;
  }
}
