package chorale.imaging;

import java.util.Arrays;

/**
 * The largest quantized DCT coefficients that 8-bit samples can produce. Damaged data soon exceeds
 * them. Immutable.
 *
 * <p>A DCT coefficient of 8 x 8 samples from -128 to 127 is at most 1,024 (ITU-T T.81 A.3.3);
 * division by its quantization step rounds it. Some encoders modify coefficients, so the limits
 * have a tolerance of 1/16 for DC and 1/4 for AC. A size is a number of bits, as in T.81 tables F.1
 * and F.2.
 */
final class CoefficientLimits {
  private static final int MAX_DC = 1024 * 17 / 16;
  private static final int MAX_AC = 1024 * 5 / 4;
  private static final int MAX_AC_SIZE = 10;
  private static final int COEFFICIENTS = 64;

  /** Larger than any sum of an index and an advance of {@link HuffmanTable}. */
  private static final int INDEXES = HuffmanTable.END_RUN + COEFFICIENTS + 2 * 16;

  private final int maxDc;
  private final byte[] maxSize = new byte[INDEXES];

  /**
   * @param steps the quantization table, 64 steps in zigzag order
   * @param shift low bits that later scans carry (Al of a progressive scan)
   */
  CoefficientLimits(int[] steps, int shift) {
    this.maxDc = (rounded(MAX_DC, steps[0]) >> shift) + 1;
    Arrays.fill(maxSize, (byte) -1);
    for (int i = 0; i < COEFFICIENTS; i++) {
      int bits = Integer.SIZE - Integer.numberOfLeadingZeros(rounded(MAX_AC, steps[i]) >> shift);
      maxSize[i] = (byte) Math.min(MAX_AC_SIZE, bits);
    }
    Arrays.fill(maxSize, HuffmanTable.END, HuffmanTable.END + COEFFICIENTS, (byte) MAX_AC_SIZE);
  }

  private static int rounded(int value, int step) {
    return (value + step / 2) / Math.max(1, step);
  }

  /** Returns the largest magnitude of the DC coefficient, without the bits of later scans. */
  int maxDc() {
    return maxDc;
  }

  /**
   * Returns the largest size by zigzag index: 0 to 63, and the indexes after "end of block";
   * negative for indexes outside a block. The caller must not change the array.
   */
  byte[] maxSizes() {
    return maxSize;
  }
}
